package dev.shunt.console;

import dev.shunt.core.Percentage;
import dev.shunt.rollout.InFlightPolicy;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the bodies of control requests by hand, so that every refusal names its field. */
final class RolloutRequest {

    private static final int LONGEST_REASON = 500;

    private final Map<String, @Nullable Object> body;

    RolloutRequest(@Nullable Map<String, @Nullable Object> body, Set<String> known) {
        this.body = body == null ? Map.of() : body;
        for (String field : this.body.keySet()) {
            if (!known.contains(field)) {
                throw ApiException.badRequest(field + " is not known; known: "
                        + known.stream().sorted().toList());
            }
        }
    }

    Percentage percentage() {
        if (!(body.get("percentage") instanceof Number number)) {
            throw ApiException.badRequest("percentage must be a number 0..100, was " + shown("percentage"));
        }
        try {
            return Percentage.ofPercent(new BigDecimal(number.toString()));
        } catch (NumberFormatException infinite) {
            throw ApiException.badRequest("percentage must be 0..100, was " + number);
        } catch (IllegalArgumentException outOfBounds) {
            throw ApiException.badRequest(String.valueOf(outOfBounds.getMessage()));
        }
    }

    boolean flag(String field) {
        Object value = body.get(field);
        if (value == null || value instanceof Boolean) {
            return Boolean.TRUE.equals(value);
        }
        throw ApiException.badRequest(field + " must be true or false, was " + shown(field));
    }

    /** Null if the setting decides. */
    @Nullable
    InFlightPolicy inFlightOrNull() {
        String text = textOrNull("inFlight");
        try {
            return text == null ? null : InFlightPolicy.of(text);
        } catch (IllegalArgumentException wrong) {
            throw ApiException.badRequest("inFlight " + wrong.getMessage());
        }
    }

    String text(String field) {
        if (body.get(field) instanceof String text && !text.isBlank()) {
            return text;
        }
        throw ApiException.badRequest(field + " must be a text, was " + shown(field));
    }

    /** Null if it is not there. */
    @Nullable
    String textOrNull(String field) {
        return body.get(field) == null ? null : text(field);
    }

    /** Null if it is not there. */
    @Nullable
    BigDecimal decimalOrNull(String field) {
        Object value = body.get(field);
        if (value == null) {
            return null;
        }
        try {
            if (value instanceof Number number) {
                return new BigDecimal(number.toString());
            }
        } catch (NumberFormatException infinite) {
            // refused below, like anything else that is no number
        }
        throw ApiException.badRequest(field + " must be a number, was " + shown(field));
    }

    long numberOr(String field, long otherwise) {
        Object value = body.get(field);
        if (value == null) {
            return otherwise;
        }
        if ((value instanceof Integer || value instanceof Long) && ((Number) value).longValue() >= 0) {
            return ((Number) value).longValue();
        }
        throw ApiException.badRequest(field + " must be a whole number from 0, was " + shown(field));
    }

    String reason() {
        return givenReason()
                .orElseThrow(() -> ApiException.badRequest("reason must say why, in 1.." + LONGEST_REASON
                        + " printable characters, was " + shown("reason")));
    }

    String reasonOr(String otherwise) {
        return body.get("reason") == null ? otherwise : reason();
    }

    private Optional<String> givenReason() {
        return Optional.ofNullable(body.get("reason"))
                .filter(String.class::isInstance)
                .map(value -> ((String) value).strip())
                .filter(text -> !text.isEmpty()
                        && text.length() <= LONGEST_REASON
                        && text.chars().noneMatch(Character::isISOControl));
    }

    private String shown(String field) {
        String text = String.valueOf(body.get(field));
        return !body.containsKey(field) ? "missing" : text.length() > 100 ? text.substring(0, 100) + "..." : text;
    }
}
