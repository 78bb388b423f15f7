package dev.shunt.cli;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes requests as clients could send them: texts of any script, numbers of any size, fields left out, nested metadata, many
 * spans, sessions and users that come again.
 */
final class VariedRequests {

    private static final List<String> TEXTS = List.of(
            "",
            " ",
            "chat",
            "Zürich – naïve café",
            "注文を処理する",
            "العميل",
            "😕👩‍👩‍👧",
            "<b>&amp;</b>",
            "quote \" and \\ and /",
            "line\nfeed\ttab\r",
            "\u2028\u2029",
            "\u0001\u001f\u007f",
            "\u00a0nbsp\ufeff",
            "null",
            "e\u0301 and é",
            "'; drop table trace; --");
    private static final List<BigDecimal> NUMBERS = List.of(
            BigDecimal.ZERO,
            BigDecimal.ONE.negate(),
            new BigDecimal("0.10"),
            new BigDecimal("0.100000"),
            new BigDecimal("0.1000000000000000055511151231257827"),
            new BigDecimal("12345678901234567890"),
            new BigDecimal("9007199254740993"),
            new BigDecimal("-2.5E-7"),
            new BigDecimal("1E+30"),
            new BigDecimal("3.14159265358979323846264338327950288"));
    private static final List<String> MODELS = List.of(
            "gpt-4",
            "gpt-4o",
            "GPT-4o-2024-11-20",
            "gpt-4o-mini",
            "claude-3-5-sonnet-20241022",
            "claude-3-opus-20240229",
            "gemini-1.5-pro",
            "my-own-model",
            "mistral-large-preview");
    private static final List<String> LEVELS = List.of("DEBUG", "DEFAULT", "WARNING", "ERROR");
    private static final int DEEPEST = 6;

    private final JsonNodeFactory json = JsonNodeFactory.instance;
    private final Random random;

    VariedRequests(Random random) {
        this.random = random;
    }

    /** Without a trace id. Ids of spans are unique in it; times are whenever, and never end before they begin. */
    ObjectNode next() {
        ObjectNode request = json.objectNode();
        request.put("name", "n" + text());
        sometimes(() -> request.put("session_id", "session-" + random.nextInt(200)));
        sometimes(() -> user(request));
        sometimes(() -> request.set("metadata", object(0)));
        ArrayNode spans = request.putArray("spans");
        int count = random.nextInt(50) == 0 ? 20 + random.nextInt(60) : random.nextInt(6);
        for (int i = 0; i < count; i++) {
            spans.add(span(i));
        }
        return request;
    }

    private void user(ObjectNode request) {
        String id = "user-" + random.nextInt(300);
        request.put("user_id", id);
        if (random.nextBoolean()) {
            ObjectNode user = request.putObject("user");
            sometimes(() -> user.put("name", text()));
            sometimes(() -> user.put("email", id + "@example.org"));
            sometimes(() -> user.set("metadata", object(DEEPEST - 2)));
        }
    }

    private ObjectNode span(int index) {
        ObjectNode span = json.objectNode();
        span.put("span_id", "s" + index);
        if (index > 0) {
            sometimes(() -> span.put("parent_span_id", "s" + random.nextInt(index)));
        }
        span.put("name", "n" + text());
        sometimes(() -> {
            Instant start = Instant.EPOCH.plus(Duration.ofMillis(random.nextInt(5_000)));
            span.put("start_time", start.toString());
            span.put("end_time", start.plusMillis(random.nextInt(60_000)).toString());
        });
        for (String field : List.of("input", "output")) {
            sometimes(() -> span.set(field, object(0)));
        }
        sometimes(() -> span.set("metadata", object(2)));
        sometimes(() -> model(span));
        sometimes(() -> span.put("level", any(LEVELS)));
        sometimes(() -> span.put("status_message", text()));
        return span;
    }

    private void model(ObjectNode span) {
        span.put("model", any(MODELS));
        sometimes(() -> span.set("model_parameters", object(DEEPEST - 1)));
        sometimes(() -> {
            ObjectNode usage = span.putObject("usage");
            int most = random.nextInt(20) == 0 ? 1_000_000_000 : 5_000;
            int prompt = random.nextInt(most);
            int completion = random.nextInt(most);
            usage.put("prompt_tokens", prompt).put("completion_tokens", completion);
            sometimes(() -> usage.put("total_tokens", prompt + completion));
        });
    }

    private ObjectNode object(int depth) {
        ObjectNode object = json.objectNode();
        for (int i = random.nextInt(4); i > 0; i--) {
            object.set("k" + random.nextInt(20) + text(), value(depth + 1));
        }
        return object;
    }

    private JsonNode value(int depth) {
        return switch (random.nextInt(depth >= DEEPEST ? 6 : 8)) {
            case 0 -> json.nullNode();
            case 1 -> json.booleanNode(random.nextBoolean());
            case 2 -> json.numberNode(any(NUMBERS));
            case 3 -> json.numberNode(BigInteger.valueOf(random.nextLong()));
            case 4 -> json.stringNode(text() + text());
            case 5 -> json.stringNode("long ".repeat(random.nextInt(200)));
            case 6 -> object(depth);
            default -> array(depth);
        };
    }

    private ArrayNode array(int depth) {
        ArrayNode array = json.arrayNode();
        for (int i = random.nextInt(5); i > 0; i--) {
            array.add(value(depth + 1));
        }
        return array;
    }

    private String text() {
        return any(TEXTS);
    }

    private <T> T any(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    private void sometimes(Runnable then) {
        if (random.nextInt(3) > 0) {
            then.run();
        }
    }
}
