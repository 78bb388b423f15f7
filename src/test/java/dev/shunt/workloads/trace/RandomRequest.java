package dev.shunt.workloads.trace;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/** Makes requests out of everything that has ever been awkward on a wire. */
final class RandomRequest {

    private static final List<String> PIECES = List.of(
            "",
            "a",
            "é",
            "😕",
            "注文",
            "<b>&",
            "\u2028\u2029",
            "\"",
            "\\",
            "/",
            "\n\r\t\b\f",
            "\u0001\u001f",
            "\u007f",
            "\uFFFD",
            "\uFFFF",
            "العميل",
            "\"Shunt\":{\"key\":",
            "}}",
            "\\u0041",
            "null",
            " ",
            "\u00a0",
            ":",
            "%3A");
    private static final List<String> NUMBERS = List.of(
            "0",
            "-0",
            "1",
            "-1",
            "0.1",
            "1.10",
            "12345678901234567890",
            "1e5",
            "1E+5",
            "-2.5e-7",
            "1e308",
            "5e-324",
            "0.000",
            "100",
            "9007199254740993",
            "0.1000000000000000055511151231257827",
            "0e0",
            "1e-400");
    private static final List<String> OFFSETS =
            List.of("Z", "+00:00", "-00:00", "+05:30", "-08:00", "+14:00", "-23:59");

    private final SplittableRandom random;

    RandomRequest(SplittableRandom random) {
        this.random = random;
    }

    Json.Obj body() {
        Map<String, Json> body = new LinkedHashMap<>();
        maybe(body, "trace_id", this::text);
        maybe(body, "session_id", this::text);
        maybe(body, "user_id", this::text);
        maybe(body, "user", this::user);
        body.put("name", new Json.Str("n" + string()));
        maybe(body, "metadata", () -> object(3));
        List<Json> spans = new ArrayList<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            spans.add(span(i));
        }
        body.put("spans", new Json.Arr(spans));
        maybe(body, "unknown", () -> value(3));
        return new Json.Obj(body);
    }

    /** The same value, spelled with other spaces, escapes and order of members. */
    String spelled(Json value) {
        return switch (value) {
            case Json.Obj object -> {
                List<String> members = new ArrayList<>();
                object.members().forEach((name, member) -> members.add(string(name) + blank() + ":" + spelled(member)));
                for (int i = members.size() - 1; i > 0; i--) {
                    members.set(i, members.set(random.nextInt(i + 1), members.get(i)));
                }
                yield "{" + blank() + String.join("," + blank(), members) + "}" + blank();
            }
            case Json.Arr array ->
                "[" + blank()
                        + String.join(
                                ",", array.values().stream().map(this::spelled).toList()) + "]";
            case Json.Str text -> string(text.value());
            default -> JsonWriter.text(value) + blank();
        };
    }

    Json value(int depth) {
        return switch (random.nextInt(depth > 0 ? 7 : 5)) {
            case 0 -> Json.Null.VALUE;
            case 1 -> new Json.Bool(random.nextBoolean());
            case 2 -> new Json.Num(pick(NUMBERS));
            case 3, 4 -> text();
            case 5 -> object(depth - 1);
            default -> {
                List<Json> values = new ArrayList<>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    values.add(value(depth - 1));
                }
                yield new Json.Arr(values);
            }
        };
    }

    private Json.Obj object(int depth) {
        Map<String, Json> members = new LinkedHashMap<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            members.put(string(), value(depth));
        }
        return new Json.Obj(members);
    }

    private Json.Obj user() {
        Map<String, Json> user = new LinkedHashMap<>();
        maybe(user, "name", this::text);
        maybe(user, "email", this::text);
        maybe(user, "metadata", () -> object(2));
        return new Json.Obj(user);
    }

    private Json.Obj span(int index) {
        Map<String, Json> span = new LinkedHashMap<>();
        maybe(span, "span_id", () -> new Json.Str(index + string()));
        maybe(span, "parent_span_id", this::text);
        maybe(span, "name", this::text);
        long start = 946_684_800L + 86_400 + random.nextLong(3_000_000_000L);
        maybe(span, "start_time", () -> time(start));
        maybe(span, "end_time", () -> time(start + 172_800));
        maybe(span, "input", () -> object(3));
        maybe(span, "output", () -> object(3));
        maybe(span, "metadata", () -> object(1));
        maybe(span, "model", this::text);
        maybe(span, "model_parameters", () -> object(1));
        maybe(span, "usage", this::usage);
        maybe(span, "level", () -> new Json.Str(pick(List.of("DEBUG", "DEFAULT", "WARNING", "ERROR", "", "error"))));
        maybe(span, "status_message", this::text);
        return new Json.Obj(span);
    }

    private Json usage() {
        Map<String, Json> usage = new LinkedHashMap<>();
        for (String name : List.of("prompt_tokens", "completion_tokens", "total_tokens")) {
            maybe(usage, name, () -> new Json.Num(pick(List.of("0", "1", "2147483647", "-0", "4711"))));
        }
        return new Json.Obj(usage);
    }

    private Json time(long epochSecond) {
        String seconds = LocalDateTime.ofInstant(Instant.ofEpochSecond(epochSecond), ZoneOffset.UTC)
                .withNano(0)
                .format(DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss"));
        return new Json.Str(seconds
                + pick(List.of("", ".1", ".120", ".123456", ".123456789", ".000000001", ".000"))
                + pick(OFFSETS));
    }

    private Json text() {
        return new Json.Str(string());
    }

    private String string() {
        var text = new StringBuilder();
        for (int i = random.nextInt(4); i > 0; i--) {
            text.append(pick(PIECES));
        }
        return text.toString();
    }

    private String string(String value) {
        var text = new StringBuilder("\"");
        value.codePoints().forEach(c -> {
            boolean escape = c < ' ' || c == '"' || c == '\\' || random.nextInt(4) == 0;
            for (char half : Character.toChars(c)) {
                text.append(escape ? "\\u%04X".formatted((int) half) : String.valueOf(half));
            }
        });
        return text.append('"').toString();
    }

    private String blank() {
        return pick(List.of("", "", " ", "\n", "\t "));
    }

    private void maybe(Map<String, Json> object, String name, Supplier<? extends Json> value) {
        int choice = random.nextInt(8);
        if (choice == 0) {
            object.put(name, Json.Null.VALUE);
        } else if (choice > 2) {
            object.put(name, value.get());
        }
    }

    private <T> T pick(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
