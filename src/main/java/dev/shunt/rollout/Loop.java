package dev.shunt.rollout;

import dev.shunt.core.UnavailableException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Looks again and again on a thread of its own; what goes wrong is said, and the next look comes. */
abstract class Loop implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(Loop.class);

    private final String name;
    private final String what;
    private final Duration first;
    private final CountDownLatch stop = new CountDownLatch(1);
    private @Nullable Thread thread;

    /**
     * @param name of the thread
     * @param what it does, for messages, in the plural
     * @param first before the first look, and after one that failed
     */
    Loop(String name, String what, Duration first) {
        this.name = name;
        this.what = what;
        this.first = first;
    }

    /** @return how long to wait before the next one */
    abstract Duration look();

    private void run() {
        Duration pause = first;
        try {
            while (!stop.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                pause = safely();
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    private Duration safely() {
        try {
            return look();
        } catch (UnavailableException away) {
            log.debug("{} wait: {}", what, away.toString());
        } catch (RuntimeException | Error e) { // an Error must not end the loop: nobody would start it again
            log.error("{} failed; tried again in {}.", what, first, e);
        }
        return first;
    }

    @Override
    public void start() {
        thread = Thread.ofPlatform().daemon().name(name).start(this::run);
    }

    @Override
    public void stop() {
        stop.countDown();
        thread = null;
    }

    @Override
    public boolean isRunning() {
        return thread != null;
    }

    /** After the router, before the door. */
    @Override
    public int getPhase() {
        return 1;
    }
}
