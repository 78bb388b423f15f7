package dev.shunt.legacy;

import dev.shunt.core.Instance;
import io.lettuce.core.api.sync.RedisCommands;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes batches through processing lists. A list belongs to one fetch generation: as long as every command on it was
 * answered and every count was right, it is fetched into again; after that it is only read whole and worked off, and the
 * next fetch goes into a list with a new name. (A fetch whose reply was lost has moved a message; another fetch and the
 * acknowledgement of that would delete it unseen.)
 */
final class BatchFetching implements Fetching {

    private static final Logger log = LoggerFactory.getLogger(BatchFetching.class);

    private final LegacyKeys keys;
    private final Instance instance;
    private final int slot;
    private final LegacySettings settings;
    private final BatchWork work;
    private final ConsumerSwitch paused;
    private final Pulse pulse;
    private final StopSignal stop;

    private long generation;
    private volatile @Nullable String listInUse;

    BatchFetching(
            LegacyKeys keys,
            Instance instance,
            int slot,
            LegacySettings settings,
            BatchWork work,
            ConsumerSwitch paused,
            Pulse pulse,
            StopSignal stop) {
        this.keys = keys;
        this.instance = instance;
        this.slot = slot;
        this.settings = settings;
        this.work = work;
        this.paused = paused;
        this.pulse = pulse;
        this.stop = stop;
    }

    @Override
    public Optional<String> listInUse() {
        return Optional.ofNullable(listInUse);
    }

    @Override
    public void serve(RedisCommands<String, byte[]> redis) {
        while (!stop.asked()) {
            finishGeneration(redis);
            ProcessingList list = beginGeneration(redis);
            boolean exact = true;
            while (exact && !stop.asked()) {
                pulse.beat();
                exact = round(list);
            }
            if (!exact) {
                log.warn("{} held other messages than were handled; it is read again and then left", listInUse);
            }
        }
    }

    /** Works off what an earlier fault left; what a reaper finds in that list from now on is its to give back. */
    private void finishGeneration(RedisCommands<String, byte[]> redis) {
        String left = listInUse;
        if (left == null) {
            return;
        }
        var list = new ProcessingList(redis, keys, left);
        List<byte[]> messages = list.everything();
        while (!messages.isEmpty()) {
            log.info("{} messages of {} are handled again", messages.size(), left);
            work.again(list, messages);
            messages = list.everything();
        }
        listInUse = null;
    }

    private ProcessingList beginGeneration(RedisCommands<String, byte[]> redis) {
        String name = keys.processing(instance, slot, ++generation);
        listInUse = name;
        var list = new ProcessingList(redis, keys, name);
        list.open(instance, settings.lease());
        return list;
    }

    private void linger() {
        if (!settings.linger().isZero()) {
            stop.idle(settings.linger());
        }
    }

    private boolean round(ProcessingList list) {
        if (paused.isPaused(keys.workload())) {
            stop.idle(settings.block());
            return true;
        }
        Optional<byte[]> recovered = list.fetchRecovered();
        if (recovered.isPresent()) {
            return work.recovered(list, recovered.get());
        }
        List<byte[]> batch =
                list.fetch(settings.batch(), settings.block(), this::linger, () -> stop.idle(settings.block()));
        return batch.isEmpty() || work.fresh(list, batch);
    }
}
