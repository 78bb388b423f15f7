package dev.shunt.cli.chaos;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Which fault comes next and on how many services; the same seed gives the same plan. */
final class Plan {

    private static final int BLOCK = 8; // rounds between two changes of the number of services

    private final List<Fault> faults;
    private final boolean shuffled;
    private final int instances;
    private final Random random;
    private final List<Fault> deck = new ArrayList<>();
    private int dealt;
    private int now = 2;

    /**
     * @param shuffled whether each pass over the faults has an order of its own
     * @param instances 0 for a number that changes
     */
    Plan(List<Fault> faults, boolean shuffled, int instances, long seed) {
        this.faults = List.copyOf(faults);
        this.shuffled = shuffled;
        this.instances = instances;
        this.random = new Random(seed);
    }

    record Next(Fault fault, int instances) {}

    Next next() {
        if (deck.isEmpty()) {
            deck.addAll(faults);
            if (shuffled) {
                Collections.shuffle(deck, random);
            }
        }
        if (dealt++ % BLOCK == 0) {
            now = instances > 0 ? instances : 1 + random.nextInt(3);
        }
        Fault fault = deck.removeFirst();
        return new Next(fault, Math.max(now, fault.leastInstances()));
    }
}
