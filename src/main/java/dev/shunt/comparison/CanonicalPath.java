package dev.shunt.comparison;

import java.util.regex.Pattern;

/**
 * A place in a canonical result. A name that is not plain stands in brackets and quotes, and no bracket stands inside
 * brackets, so that the pattern of a path can be told from its text.
 */
record CanonicalPath(String text) {

    static final CanonicalPath ROOT = new CanonicalPath("");

    /** Part of an index of the database. */
    private static final int LONGEST = 300;

    private static final Pattern PLAIN = Pattern.compile("[A-Za-z_][A-Za-z0-9_-]{0,63}");

    CanonicalPath {
        text = CanonicalText.cut(text, LONGEST);
    }

    CanonicalPath member(String name) {
        if (!PLAIN.matcher(name).matches()) {
            return element('"' + name + '"');
        }
        return new CanonicalPath(text.isEmpty() ? name : text + '.' + name);
    }

    CanonicalPath element(String id) {
        return new CanonicalPath(text + '[' + id.replace("[", "%5B").replace("]", "%5D") + ']');
    }

    CanonicalPath place(int index) {
        return new CanonicalPath(text + '[' + index + ']');
    }
}
