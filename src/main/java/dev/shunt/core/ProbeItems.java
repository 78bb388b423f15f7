package dev.shunt.core;

/** A workload's made-up items, for probes. One bean for each workload that can be probed. */
public interface ProbeItems {

    Workload workload();

    /**
     * A request as a client would send it to the workload's door, with something of everything that the workload stores.
     *
     * @param subject what the item is about; new for each probe
     */
    byte[] body(String subject);
}
