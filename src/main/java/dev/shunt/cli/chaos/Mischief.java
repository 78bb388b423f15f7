package dev.shunt.cli.chaos;

import dev.shunt.cli.ServiceProcess;
import dev.shunt.cli.Shunt;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Does one kind of fault at random moments, and leaves everything running when it returns. */
final class Mischief {

    private static final int FROZEN_MILLIS = 30_000;
    private static final int COMES_BY_MILLIS = 8_000;

    private final Cluster cluster;
    private final SplittableRandom random;
    private final long until;
    private final PrintWriter out;
    private final Evidence evidence = new Evidence();
    private final List<Step> cuts = new ArrayList<>();

    /** @param seconds no further fault is begun after them */
    Mischief(Cluster cluster, SplittableRandom random, int seconds, PrintWriter out) {
        this.cluster = cluster;
        this.random = random;
        this.until = System.nanoTime() + seconds * 1_000_000_000L;
        this.out = out;
    }

    Evidence run(Fault fault) throws IOException, InterruptedException {
        sleep(1_500, 3_500);
        do {
            once(fault);
            sleep(500, 3_000);
        } while (System.nanoTime() < until || !cuts.isEmpty());
        return evidence;
    }

    private void once(Fault fault) throws IOException, InterruptedException {
        switch (fault) {
            case KILL_INSTANCE -> {
                ServiceProcess victim = victim();
                victim.kill9();
                sleep(0, 3_000);
                cluster.restart(victim);
            }
            case STOP_INSTANCE -> {
                ServiceProcess victim = victim();
                victim.close();
                cluster.restart(victim);
            }
            case FREEZE_INSTANCE -> {
                ServiceProcess victim = victim();
                Signals.freeze(victim.pid());
                Thread.sleep(FROZEN_MILLIS);
                Signals.thaw(victim.pid());
            }
            case KILL_REDIS -> kill(Server.REDIS);
            case KILL_POSTGRES -> kill(Server.POSTGRES);
            case KILL_TEMPORAL -> kill(Server.TEMPORAL);
            case FREEZE_REDIS -> freeze(Server.REDIS);
            case FREEZE_POSTGRES -> freeze(Server.POSTGRES);
            case FREEZE_TEMPORAL -> freeze(Server.TEMPORAL);
            case CUT_REPLIES -> cut();
            case FLIPS -> flip();
            case POISON, DUPLICATES -> Thread.sleep(500); // the producers do it
            case SLOW_POSTGRES -> {
                cluster.postgresRelay().delay(random.nextInt(50, 400));
                sleep(3_000, 8_000);
                cluster.postgresRelay().delay(0);
            }
            case ROLLBACK_WITHOUT_POSTGRES -> rollBackWithoutPostgres();
            case FROZEN_DURING_ROLLBACK -> rollBackAroundAFrozenOne();
        }
        if (fault != Fault.CUT_REPLIES
                && fault != Fault.ROLLBACK_WITHOUT_POSTGRES
                && fault != Fault.FROZEN_DURING_ROLLBACK) {
            evidence.done(); // those know better whether they were
        }
    }

    private void kill(Server server) throws IOException, InterruptedException {
        cluster.backends().kill9(server);
        sleep(0, 3_000);
        cluster.backends().restart(server);
    }

    private void freeze(Server server) throws IOException, InterruptedException {
        cluster.backends().freeze(server);
        Thread.sleep(FROZEN_MILLIS);
        cluster.backends().thaw(server);
    }

    private void flip() throws IOException, InterruptedException {
        Shunt shunt = anyShunt();
        try {
            if (random.nextInt(3) == 0) {
                shunt.rollback();
            } else {
                shunt.setPercentage(List.of(0, 10, 50, 100).get(random.nextInt(4)));
            }
        } catch (IOException refused) {
            say("a flip was not taken: " + refused.getMessage());
        }
    }

    /** Each step once, in an order of this round's own, on the line of a service drawn for it. */
    private void cut() throws InterruptedException {
        if (cuts.isEmpty()) {
            cuts.addAll(List.of(Step.values()));
            cuts.forEach(step -> evidence.expect("cut " + step.text()));
        }
        Step step = cuts.remove(random.nextInt(cuts.size()));
        RedisRelay line = cluster.redisRelay(random.nextInt(cluster.services().size()));
        boolean cut = line.cut(step).await(COMES_BY_MILLIS, TimeUnit.MILLISECONDS);
        line.spare();
        if (cut) {
            evidence.done();
            evidence.count("cut " + step.text(), 1);
        }
    }

    private void rollBackWithoutPostgres() throws IOException, InterruptedException {
        evidence.expect("rollbacks obeyed");
        cluster.backends().kill9(Server.POSTGRES);
        sleep(0, 2_000);
        Instant since = rollBack(anyShunt());
        sleep(0, 3_000);
        cluster.backends().restart(Server.POSTGRES);
        if (since != null) {
            evidence.done();
            if (staysDown()) {
                evidence.count("rollbacks obeyed", 1);
            }
        }
        raiseAgain(since);
    }

    /** Whether every service says 0 %, soon, and then goes on saying so. */
    private boolean staysDown() throws InterruptedException {
        long giveUp = System.nanoTime() + 20_000_000_000L;
        String above = above();
        while (!above.isEmpty() && System.nanoTime() < giveUp) {
            Thread.sleep(100);
            above = above();
        }
        if (!above.isEmpty()) {
            evidence.complain("20 s after Postgres came back, " + above);
            return false;
        }
        for (int looks = random.nextInt(20, 40); looks > 0; looks--) {
            Thread.sleep(100);
            above = above();
            if (!above.isEmpty()) {
                evidence.complain("after the rollback was obeyed, " + above);
                return false;
            }
        }
        return true;
    }

    private String above() throws InterruptedException {
        for (int i = 0; i < cluster.services().size(); i++) {
            String percentage;
            try {
                percentage = cluster.shunt(i)
                        .get("/api/v1/rollouts/trace")
                        .path("percentage")
                        .asString("?");
            } catch (IOException unanswered) {
                percentage = String.valueOf(unanswered.getMessage());
            }
            if (!percentage.matches("0(\\.0*)?")) {
                return "service " + (i + 1) + " says " + percentage + " %";
            }
        }
        return "";
    }

    /**
     * One service has decided for Temporal and not registered yet: the registration waits on its line to Redis. It is
     * frozen, another one rolls back, and what was decided before must be refused when it arrives at last.
     */
    private void rollBackAroundAFrozenOne() throws IOException, InterruptedException {
        Step step = random.nextBoolean() ? Step.REGISTER : Step.TAP_REGISTER;
        int frozen = random.nextInt(cluster.services().size());
        int other = (frozen + 1) % cluster.services().size();
        RedisRelay line = cluster.redisRelay(frozen);
        long pid = cluster.services().get(frozen).pid();
        evidence.expect("held");
        evidence.expect("refused");
        Held held = line.hold(step);
        Instant since = null;
        try {
            if (!held.awaitFirst(COMES_BY_MILLIS)) {
                return;
            }
            Signals.freeze(pid);
            since = rollBack(cluster.shunt(other));
            sleep(500, 9_000); // less and more than a lease
            line.release();
            sleep(0, 300); // it arrives before its sender wakes up, or after
        } finally {
            line.release();
            Signals.thaw(pid);
        }
        if (since != null) {
            evidence.done();
            evidence.held(held.keys());
        }
        raiseAgain(since);
        evidence.count("held", held.keys().size());
        evidence.count("refused", held.refused());
        if (since != null && held.admitted() > 0) {
            evidence.complain(
                    held.admitted() + " " + step.text() + " decided before the rollback came through the fence");
        }
    }

    /** When it was answered; null if it was not. */
    private @Nullable Instant rollBack(Shunt shunt) throws InterruptedException {
        try {
            shunt.rollback();
            return Instant.now();
        } catch (IOException refused) {
            say("the rollback was not answered: " + refused.getMessage());
            return null;
        }
    }

    /** @param since when the rollback was answered; from then on until now nothing may go to Temporal */
    private void raiseAgain(@Nullable Instant since) throws InterruptedException {
        sleep(2_000, 4_000);
        if (since != null) {
            // What was accepted in the last moment may be decided after the raise.
            evidence.closed(since, Instant.now().minusMillis(500));
        }
        for (int tries = 5; tries > 0; tries--) {
            try {
                anyShunt().setPercentage(50 + random.nextInt(51));
                return;
            } catch (IOException refused) {
                say("the percentage was not taken: " + refused.getMessage());
                Thread.sleep(500);
            }
        }
    }

    private void say(String what) {
        out.println("  " + what);
        out.flush();
    }

    private ServiceProcess victim() {
        return cluster.services().get(random.nextInt(cluster.services().size()));
    }

    private Shunt anyShunt() {
        return cluster.shunt(random.nextInt(cluster.services().size()));
    }

    private void sleep(int fromMillis, int toMillis) throws InterruptedException {
        Thread.sleep(random.nextInt(fromMillis, toMillis));
    }
}
