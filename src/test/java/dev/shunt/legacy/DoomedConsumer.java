package dev.shunt.legacy;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.shunt.core.Delivery;
import dev.shunt.core.ItemHandler.Outcome;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * A consumer in a process of its own. It dies at once on a message whose id begins with "killer", hangs on one whose id
 * begins with "hang", and lists what it has stored in Redis.
 */
final class DoomedConsumer {

    static final String STORED = "tiny:stored";
    static final String IN_HAND = "tiny:in-hand";

    private DoomedConsumer() {}

    public static void main(String[] args) throws InterruptedException {
        var bench = new Bench(args[0]);
        bench.start(args[1], Bench.settings(1, 64, LegacySettings.Pop.BLMOVE), args[0], group -> handle(bench, group));
        new CountDownLatch(1).await();
    }

    private static List<Outcome> handle(Bench bench, List<Delivery> group) {
        for (Delivery delivery : group) {
            String id = delivery.key().subject();
            if (id.startsWith("killer")) {
                Runtime.getRuntime().halt(1);
            }
            if (id.startsWith("hang")) {
                bench.redis().rpush(IN_HAND, id.getBytes(UTF_8));
                hang();
            }
        }
        group.forEach(one -> bench.redis().rpush(STORED, one.key().subject().getBytes(UTF_8)));
        return group.stream().<Outcome>map(one -> new Outcome.Stored(false)).toList();
    }

    private static void hang() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
