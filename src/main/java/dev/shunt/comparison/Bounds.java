package dev.shunt.comparison;

/** What a setting may be. */
final class Bounds {

    private final String prefix;

    private Bounds(String prefix) {
        this.prefix = prefix;
    }

    /** @param prefix of the settings, for example {@code shunt.comparison} */
    static Bounds of(String prefix) {
        return new Bounds(prefix);
    }

    /** @throws IllegalArgumentException naming key, range and value, if it is less than {@code least} or more than {@code most} */
    <T extends Comparable<T>> void check(String key, T value, T least, T most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(
                    prefix + "." + key + " must be " + least + ".." + most + ", was " + value);
        }
    }
}
