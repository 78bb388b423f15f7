package dev.shunt.cli.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.SplittableRandom;

/** Messages that no consumer can store: each differs from every other. */
final class Poison {

    private Poison() {}

    static byte[] next(String project, SplittableRandom random) {
        String id = "%016x".formatted(random.nextLong());
        String message = switch (random.nextInt(5)) {
            case 0 -> "{\"ID\":\"" + id; // cut off
            case 1 -> "not JSON " + id;
            case 2 -> "{\"ID\":\"\",\"ProjectID\":\"" + project + "\",\"Name\":\"" + id + "\",\"Spans\":[]}";
            case 3 -> "{\"ID\":\"" + id + "\",\"ProjectID\":\"\",\"Name\":\"n\",\"Spans\":[]}";
            default ->
                "{\"ID\":\"" + id + "\",\"ProjectID\":\"" + project + "\",\"Name\":\"nul \\u0000\",\"Spans\":[]}";
        };
        return message.getBytes(UTF_8);
    }
}
