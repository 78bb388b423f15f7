package dev.shunt.legacy;

import dev.shunt.core.Instance;
import dev.shunt.core.Workload;
import dev.shunt.core.WorkloadCatalog;
import dev.shunt.core.WorkloadSettings;
import java.util.List;
import java.util.stream.Stream;

/** The Redis keys of one workload, named in one place. */
record LegacyKeys(Workload workload, String queue, String deadLetters) {

    static LegacyKeys of(WorkloadCatalog catalog, Workload workload) {
        WorkloadSettings settings = catalog.of(workload);
        return new LegacyKeys(workload, settings.queue(), settings.deadLetterList());
    }

    /** Hash: item key to {@link BookEntry}. */
    String book() {
        return "shunt:" + workload + ":book";
    }

    /** Hash: item key to stamped message. */
    String registry() {
        return "shunt:" + workload + ":registry";
    }

    /** Sorted set: item key by acceptance time in microseconds. */
    String age() {
        return registry() + ":age";
    }

    /** Hash: item key to what {@link OldWorker} remembers of a message that it handed to the outside worker. */
    String forwarded() {
        return "shunt:" + workload + ":forwarded";
    }

    /** Sorted set: key of a forwarded item by acceptance time in microseconds. */
    String forwardedAge() {
        return forwarded() + ":age";
    }

    /** Hash: digest of a forwarded message to its item key. */
    String forwardedDigests() {
        return forwarded() + ":digests";
    }

    /** Digest of the newest message of the outside worker's dead-letter list when somebody looked last. */
    String givenUpSeen() {
        return forwarded() + ":given-up-seen";
    }

    /** These keys and behind them the three that remember what was forwarded. */
    List<String> withForwarded(String... others) {
        return Stream.concat(Stream.of(others), Stream.of(forwarded(), forwardedAge(), forwardedDigests()))
                .toList();
    }

    String fence() {
        return "shunt:" + workload + ":fence";
    }

    String stop() {
        return "shunt:" + workload + ":stop";
    }

    /** Who has a chore that one instance does for all. */
    String turn(String chore) {
        return "shunt:" + workload + ":turn:" + chore;
    }

    /** Hash: route to how often an acceptance met its own key. */
    String duplicates() {
        return "shunt:" + workload + ":duplicates";
    }

    /** Set: every processing list that may hold a message. */
    String consumers() {
        return queue + ":consumers";
    }

    /** What dead consumers had in hand; consumed one at a time, before the queue. */
    String recovered() {
        return queue + ":recovered";
    }

    /** Hash: processing list to the digest and key of the message that is being handled alone in it. */
    String suspects() {
        return queue + ":suspects";
    }

    /** Hash: digest of a message to the instances that died while they handled it alone. */
    String deaths() {
        return queue + ":deaths";
    }

    String heartbeat(String instance) {
        return queue + ":heartbeat:" + instance;
    }

    /** Outlives the heartbeat by a day: until then the instance may only be paused. */
    String seen(String instance) {
        return queue + ":seen:" + instance;
    }

    String processing(Instance instance, int slot, long generation) {
        return queue + ":proc:" + instance.id() + ":" + slot + ":" + generation;
    }

    /** The instance that owns a processing list, from the list's name. */
    String ownerOf(String list) {
        String withSlot = list.substring((queue + ":proc:").length(), list.lastIndexOf(':'));
        return withSlot.substring(0, withSlot.lastIndexOf(':'));
    }
}
