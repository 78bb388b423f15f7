package dev.shunt.comparison;

import dev.shunt.core.Canonical;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A canonical value for people: a text as it is, a structure in the manner of JSON. */
final class CanonicalText {

    /** Characters that are shown of a value. */
    static final int SHOWN = 500;

    private static final int WRITTEN_OUT = 40;

    private final StringBuilder text = new StringBuilder();

    private CanonicalText() {}

    /** @return null for nothing */
    static @Nullable String of(@Nullable Canonical value) {
        if (value == null || value instanceof Canonical.Nothing) {
            return null;
        }
        if (value instanceof Canonical.Text plain) {
            return cut(plain.value(), SHOWN);
        }
        var shown = new CanonicalText();
        shown.write(value);
        return cut(shown.text.toString(), SHOWN);
    }

    /** The beginning of a text, with a mark that it goes on; never half of a surrogate pair. */
    static String cut(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(most - 2)) ? most - 2 : most - 1;
        return text.substring(0, end) + "…";
    }

    private void write(Canonical value) {
        if (text.length() > SHOWN) {
            return;
        }
        switch (value) {
            case Canonical.Nothing ignored -> text.append("null");
            case Canonical.Text plain ->
                text.append('"').append(cut(plain.value(), SHOWN)).append('"');
            case Canonical.Amount amount -> text.append(number(amount.value()));
            case Canonical.Truth truth -> text.append(truth.value());
            case Canonical.Members members -> named(members.byName());
            case Canonical.Elements elements -> named(elements.byId());
            case Canonical.Sequence sequence -> sequence(sequence.inOrder());
        }
    }

    private void named(Map<String, Canonical> values) {
        String separator = "{";
        for (Map.Entry<String, Canonical> each : values.entrySet()) {
            if (text.length() > SHOWN) {
                return;
            }
            text.append(separator).append('"').append(cut(each.getKey(), SHOWN)).append("\":");
            write(each.getValue());
            separator = ",";
        }
        text.append(values.isEmpty() ? "{}" : "}");
    }

    private void sequence(List<Canonical> values) {
        String separator = "[";
        for (Canonical each : values) {
            if (text.length() > SHOWN) {
                return;
            }
            text.append(separator);
            write(each);
            separator = ",";
        }
        text.append(values.isEmpty() ? "[]" : "]");
    }

    /** A few bytes can be a number of a million digits. */
    private static String number(BigDecimal value) {
        boolean brief = Math.abs((long) value.scale()) <= WRITTEN_OUT && value.precision() <= SHOWN;
        return brief ? value.toPlainString() : value.toString();
    }
}
