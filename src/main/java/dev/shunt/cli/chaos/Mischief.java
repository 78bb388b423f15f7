package dev.shunt.cli.chaos;

import dev.shunt.cli.ServiceProcess;
import dev.shunt.cli.Shunt;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.SplittableRandom;

/** Does one kind of fault at random moments, and leaves everything running when it returns. */
final class Mischief {

    private static final int FROZEN_MILLIS = 30_000;

    private final Cluster cluster;
    private final SplittableRandom random;
    private final long until;
    private final PrintWriter out;

    /** @param seconds no further fault is begun after them */
    Mischief(Cluster cluster, SplittableRandom random, int seconds, PrintWriter out) {
        this.cluster = cluster;
        this.random = random;
        this.until = System.nanoTime() + seconds * 1_000_000_000L;
        this.out = out;
    }

    void run(Fault fault) throws IOException, InterruptedException {
        sleep(1_000, 4_000);
        do {
            once(fault);
            sleep(500, 4_000);
        } while (System.nanoTime() < until);
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
            case CUT_AFTER_MOVE -> cluster.redisRelay().cutNextMove();
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

    private void rollBackWithoutPostgres() throws IOException, InterruptedException {
        cluster.backends().kill9(Server.POSTGRES);
        sleep(0, 2_000);
        try {
            anyShunt().rollback();
        } catch (IOException refused) {
            say("the rollback was not answered: " + refused.getMessage());
        }
        sleep(0, 3_000);
        cluster.backends().restart(Server.POSTGRES);
        raiseAgain();
    }

    private void rollBackAroundAFrozenOne() throws IOException, InterruptedException {
        int frozen = random.nextInt(cluster.services().size());
        long pid = cluster.services().get(frozen).pid();
        int other = (frozen + 1) % cluster.services().size();
        Signals.freeze(pid);
        if (other != frozen) {
            try {
                cluster.shunt(other).rollback();
            } catch (IOException refused) {
                say("the rollback was not answered: " + refused.getMessage());
            }
        }
        sleep(500, 9_000); // less and more than a lease
        Signals.thaw(pid);
        raiseAgain();
    }

    private void raiseAgain() throws InterruptedException {
        sleep(2_000, 4_000);
        try {
            anyShunt().setPercentage(50 + random.nextInt(51));
        } catch (IOException refused) {
            say("the percentage was not taken: " + refused.getMessage());
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
