package dev.shunt.operations;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads variables of the environment and refuses what cannot be meant. An empty one counts as not set. */
final class Variables {

    private static final Pattern HOST_AND_PORT = Pattern.compile("(\\[[0-9a-fA-F:.]+]|[^\\s:/@]+):(\\d{1,5})");
    private static final int MAX_PORT = 65_535;

    private final UnaryOperator<@Nullable String> source;

    /** @param source answers null for a variable that is not set */
    Variables(UnaryOperator<@Nullable String> source) {
        this.source = source;
    }

    Optional<String> text(String name) {
        return Optional.ofNullable(source.apply(name)).map(String::strip).filter(value -> !value.isEmpty());
    }

    Optional<Integer> number(String name, int least, int most) {
        return text(name).map(value -> {
            String expected = "a whole number " + least + ".." + most;
            try {
                int number = Integer.parseInt(value);
                if (number < least || number > most) {
                    throw new WrongSettingException(name, value, expected);
                }
                return number;
            } catch (NumberFormatException e) {
                throw new WrongSettingException(name, value, expected);
            }
        });
    }

    Optional<Integer> port(String name) {
        return number(name, 1, MAX_PORT);
    }

    /** Of a listener of this process: 0 takes any that is free. */
    Optional<Integer> freePort(String name) {
        return number(name, 0, MAX_PORT);
    }

    Optional<Boolean> flag(String name) {
        return oneOf(name, "true", "false").map(Boolean::parseBoolean);
    }

    /** One of these words, whatever its case; answers it in lower case. */
    Optional<String> oneOf(String name, String... words) {
        return text(name).map(value -> {
            String word = value.toLowerCase(Locale.ROOT);
            if (!List.of(words).contains(word)) {
                throw new WrongSettingException(name, value, "one of " + String.join(", ", words));
            }
            return word;
        });
    }

    Optional<String> hostAndPort(String name) {
        return text(name).map(value -> {
            var parts = HOST_AND_PORT.matcher(value);
            if (!parts.matches() || Integer.parseInt(parts.group(2)) > MAX_PORT) {
                throw new WrongSettingException(name, value, "host:port, for example temporal:7233");
            }
            return value;
        });
    }
}
