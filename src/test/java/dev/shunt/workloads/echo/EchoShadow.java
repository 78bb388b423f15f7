package dev.shunt.workloads.echo;

import dev.shunt.core.Canonical;
import dev.shunt.core.Delivery;
import dev.shunt.core.ItemHandler;
import dev.shunt.core.ItemKey;
import dev.shunt.core.ResultProjection;
import dev.shunt.core.ShadowWorkload;
import dev.shunt.core.WorkflowBinding;
import dev.shunt.core.Workload;
import dev.shunt.store.ShadowSchema;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Echoes, said a second time where nobody hears them. An echo meets nothing but its own id. */
final class EchoShadow implements ShadowWorkload {

    private final EchoTable live;
    private final EchoTable apart;
    private final ItemHandler handler;
    private final WorkflowBinding workflow;
    private final ShadowSchema schema;

    EchoShadow(EchoTable live, EchoTable apart, ItemHandler handler, WorkflowBinding workflow, ShadowSchema schema) {
        this.live = live;
        this.apart = apart;
        this.handler = handler;
        this.workflow = workflow;
        this.schema = schema;
    }

    @Override
    public Workload workload() {
        return EchoMessage.ECHO;
    }

    @Override
    public ItemHandler handler() {
        return handler;
    }

    @Override
    public WorkflowBinding workflow() {
        return workflow;
    }

    @Override
    public void prepare() {
        apart.create();
    }

    @Override
    public List<Primary> primaries(List<Delivery> primaries, Instant since) {
        List<ItemKey> keys = primaries.stream().map(Delivery::key).toList();
        return projection(live).read(keys).stream()
                .map(result -> new Primary(Primary.State.READY, result, "nothing"))
                .toList();
    }

    @Override
    public void seed(List<Seed> seeds) {
        // nothing was met
    }

    @Override
    public ResultProjection results() {
        return projection(apart);
    }

    @Override
    public void remove(Collection<ItemKey> runs) {
        apart.remove(runs.stream().map(ItemKey::value).toList());
        schema.remove(workload(), runs);
    }

    @Override
    public void removeLeftovers(Duration age) {
        // the table knows no times, and no test crashes
    }

    private static ResultProjection projection(EchoTable table) {
        return keys -> keys.stream()
                .map(key -> {
                    Optional<String> text = table.textOf(key.value());
                    return Canonical.members(text.isEmpty() ? Map.of() : Map.of("text", Canonical.text(text.get())));
                })
                .toList();
    }
}
