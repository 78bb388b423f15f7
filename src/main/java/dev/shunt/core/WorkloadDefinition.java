package dev.shunt.core;

/**
 * Everything that a workload brings. One bean of this type in one package under {@code workloads/}, plus one block of
 * configuration, adds a workload; no other file changes.
 */
public interface WorkloadDefinition {

    Workload workload();

    DoorCodec door();

    MessageCodec messages();

    ItemHandler handler();

    WorkflowBinding workflow();

    ResultAudit audit();
}
