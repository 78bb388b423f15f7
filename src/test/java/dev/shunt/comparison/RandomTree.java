package dev.shunt.comparison;

import dev.shunt.core.Canonical;
import dev.shunt.core.Divergence.Kind;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** A result before it is canonical: with an order of keys and scales of numbers, as somebody wrote it. */
sealed interface RandomTree {

    Canonical canonical();

    /** Exactly one thing changed somewhere below here. */
    record Change(RandomTree tree, Kind kind, String path) {

        private Change below(RandomTree changed, String step) {
            String joint = path.isEmpty() || path.startsWith("[") ? "" : ".";
            return new Change(changed, kind, step + joint + path);
        }
    }

    /** A text, number, truth value or null. */
    record Leaf(@Nullable Object value) implements RandomTree {

        @Override
        public Canonical canonical() {
            return switch (value) {
                case null -> Canonical.NOTHING;
                case BigDecimal number -> Canonical.amount(number);
                case Boolean truth -> new Canonical.Truth(truth);
                default -> Canonical.text(value.toString());
            };
        }
    }

    /** Members, or elements by id. */
    record Named(Map<String, RandomTree> values, boolean members) implements RandomTree {

        @Override
        public Canonical canonical() {
            Map<String, Canonical> all = new LinkedHashMap<>();
            values.forEach((name, value) -> all.put(name, value.canonical()));
            return members ? Canonical.members(all) : Canonical.elements(all);
        }

        private RandomTree value(String name) {
            return Objects.requireNonNull(values.get(name));
        }

        private String step(String name) {
            return members ? name : "[" + name + "]";
        }

        private Named with(String name, @Nullable RandomTree value) {
            var changed = new LinkedHashMap<>(values);
            if (value == null) {
                changed.remove(name);
            } else {
                changed.put(name, value);
            }
            return new Named(changed, members);
        }
    }

    /** Its elements differ from each other: else it could not be said which one is gone. */
    record InOrder(List<RandomTree> values) implements RandomTree {

        @Override
        public Canonical canonical() {
            return new Canonical.Sequence(
                    values.stream().map(RandomTree::canonical).toList());
        }

        private InOrder with(int index, @Nullable RandomTree value) {
            var changed = new ArrayList<>(values);
            if (value == null) {
                changed.remove(index);
            } else {
                changed.set(index, value);
            }
            return new InOrder(changed);
        }
    }

    static RandomTree of(SplittableRandom random, int depth) {
        Map<String, RandomTree> values = new LinkedHashMap<>();
        int size = random.nextInt(1, 5);
        for (int i = 0; i < size; i++) {
            values.put("m" + i, node(random, depth - 1));
        }
        return new Named(values, true);
    }

    private static RandomTree node(SplittableRandom random, int depth) {
        int kind = random.nextInt(depth > 0 ? 7 : 4);
        return switch (kind) {
            case 0 -> new Leaf(null);
            case 1 -> new Leaf("text " + random.nextInt(1_000));
            case 2 -> new Leaf(BigDecimal.valueOf(random.nextLong(-10_000, 10_000), random.nextInt(-3, 9)));
            case 3 -> new Leaf(random.nextBoolean());
            case 4 -> new Named(((Named) of(random, depth)).values(), false);
            case 5 -> of(random, depth);
            default -> sequence(random, depth);
        };
    }

    private static RandomTree sequence(SplittableRandom random, int depth) {
        List<RandomTree> values = new ArrayList<>();
        int size = random.nextInt(4);
        for (int i = 0; i < size; i++) {
            Map<String, RandomTree> element = new LinkedHashMap<>(((Named) of(random, depth - 1)).values());
            element.put("place", new Leaf("at " + i));
            values.add(new Named(element, true));
        }
        return new InOrder(values);
    }

    /** The same, written by somebody else: keys in another order, numbers with other scales. */
    default RandomTree written(SplittableRandom random) {
        return switch (this) {
            case Leaf leaf ->
                leaf.value() instanceof BigDecimal number
                        ? new Leaf(number.setScale(Math.max(0, number.scale()) + random.nextInt(1, 6)))
                        : leaf;
            case Named named -> {
                List<String> names = new ArrayList<>(named.values().keySet());
                Collections.shuffle(names, new Random(random.nextLong()));
                Map<String, RandomTree> values = new LinkedHashMap<>();
                names.forEach(name -> values.put(name, named.value(name).written(random)));
                yield new Named(values, named.members());
            }
            case InOrder sequence ->
                new InOrder(sequence.values().stream()
                        .map(value -> value.written(random))
                        .toList());
        };
    }

    /** One value changed, or one thing taken away, added or moved. */
    default Change change(SplittableRandom random) {
        return switch (this) {
            case Leaf leaf -> other(leaf, random);
            case Named named -> changed(named, random);
            case InOrder sequence -> changed(sequence, random);
        };
    }

    private static Change other(Leaf leaf, SplittableRandom random) {
        Object value = leaf.value();
        if (value == null) {
            return new Change(new Leaf(""), Kind.VALUE, "");
        }
        return switch (random.nextInt(3)) {
            case 0 -> new Change(new Leaf(null), Kind.VALUE, "");
            case 1 -> new Change(new InOrder(List.of()), Kind.TYPE, ""); // no leaf is a sequence, whatever it holds
            default ->
                switch (value) {
                    case BigDecimal number ->
                        new Change(new Leaf(number.add(new BigDecimal("0.000000001"))), Kind.VALUE, "");
                    case Boolean truth -> new Change(new Leaf(!truth), Kind.VALUE, "");
                    default -> new Change(new Leaf(value + " "), Kind.VALUE, "");
                };
        };
    }

    private static Change changed(Named named, SplittableRandom random) {
        if (named.values().isEmpty() || random.nextInt(6) == 0) {
            return new Change(named.with("added", new Leaf("x")), Kind.EXTRA, named.step("added"));
        }
        List<String> names = List.copyOf(named.values().keySet());
        String name = names.get(random.nextInt(names.size()));
        if (random.nextInt(6) == 0) {
            return new Change(named.with(name, null), Kind.MISSING, named.step(name));
        }
        Change below = named.value(name).change(random);
        return below.below(named.with(name, below.tree()), named.step(name));
    }

    private static Change changed(InOrder sequence, SplittableRandom random) {
        int size = sequence.values().size();
        if (size == 0) {
            return new Change(new InOrder(List.of(new Leaf("x"))), Kind.EXTRA, "[0]");
        }
        int index = random.nextInt(size);
        int how = random.nextInt(4);
        if (how == 0) {
            return new Change(sequence.with(index, null), Kind.MISSING, "[" + index + "]");
        }
        if (how == 1 && size > 1) {
            var moved = new ArrayList<>(sequence.values());
            Collections.rotate(moved, 1);
            return new Change(new InOrder(moved), Kind.ORDER, "");
        }
        Change below = sequence.values().get(index).change(random);
        return below.below(sequence.with(index, below.tree()), "[" + index + "]");
    }
}
