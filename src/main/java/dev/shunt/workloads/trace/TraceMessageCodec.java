package dev.shunt.workloads.trace;

import dev.shunt.core.Item;
import dev.shunt.core.ItemKey;
import dev.shunt.core.MessageCodec;
import dev.shunt.core.Sha256;
import dev.shunt.core.WayIn;
import java.time.Instant;
import java.util.List;

/** Messages that existing producers push to the list: one is an item of its own by its raw bytes. */
final class TraceMessageCodec implements MessageCodec {

    private final RoutingKeyChoice routingKey;

    TraceMessageCodec(RoutingKeyChoice routingKey) {
        this.routingKey = routingKey;
    }

    @Override
    public Reading read(byte[] message, Instant now) {
        try {
            Json.Obj root = RawMessage.parse(message);
            TraceMessage trace = new RawMessage(root, message, now).trace(List.of());
            ItemKey key = ItemKey.of(trace.projectId(), trace.id(), Sha256.hex(message, 16));
            Cells cells = MessageCells.of(root, message);
            var item = new Item(
                    TraceWorkload.TRACE,
                    key,
                    routingKey.routingKey(key, trace.sessionId(), trace.userId()),
                    message,
                    WayIn.TAP,
                    now,
                    cells.evidence().text());
            return new Reading.Read(item, cells.hasFilled() ? null : trace);
        } catch (WireFault fault) {
            return new Reading.Undecodable(fault.getMessage());
        }
    }
}
