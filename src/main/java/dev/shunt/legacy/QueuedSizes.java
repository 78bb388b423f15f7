package dev.shunt.legacy;

import dev.shunt.core.ItemSizes;
import dev.shunt.core.MessageCodec;
import dev.shunt.core.Stamp;
import dev.shunt.core.Workload;
import dev.shunt.core.WorkloadCatalog;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Sizes of the messages that were pushed to the list last and still wait there. */
final class QueuedSizes implements ItemSizes {

    private static final int MOST = 500;

    private final RedisConnections redis;
    private final WorkloadCatalog catalog;
    private final Function<Workload, MessageCodec> codecs;
    private final Clock clock;

    QueuedSizes(RedisConnections redis, WorkloadCatalog catalog, Function<Workload, MessageCodec> codecs, Clock clock) {
        this.redis = redis;
        this.catalog = catalog;
        this.codecs = codecs;
        this.clock = clock;
    }

    @Override
    public String source() {
        return "the list";
    }

    @Override
    public List<Size> recent(Workload workload, int limit) {
        String queue = catalog.of(workload).queue();
        int most = Math.min(limit, MOST);
        var sizes = new ArrayList<Size>();
        while (sizes.size() < most) {
            int from = sizes.size();
            List<byte[]> page =
                    redis.step("looking at the list", commands -> ListWalk.page(commands, queue, from, most - from));
            if (page.isEmpty()) {
                break;
            }
            page.forEach(
                    message -> sizes.add(size(workload, Stamp.split(message).message())));
        }
        return sizes;
    }

    private Size size(Workload workload, byte[] message) {
        return codecs.apply(workload).read(message, clock.instant()) instanceof MessageCodec.Reading.Read read
                ? new Size(read.item().key().project(), read.item().key().subject(), message.length)
                : new Size("(unreadable)", "", message.length);
    }
}
