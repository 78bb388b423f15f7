package dev.shunt.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** One trace with eight spans of about 300 bytes of input and output each, as queue messages and as requests. */
final class Messages {

    static final int SPANS = 8;
    private static final String[] MODELS = {"gpt-4o", "claude-3-5-sonnet-20241022", "gpt-4"};
    private static final int USERS = 50;
    private static final int SESSIONS = 200;

    private Messages() {}

    /** Different traces of one project, all of today. */
    static List<byte[]> messages(String run, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> message(run + "-" + i, new SplittableRandom(i)))
                .toList();
    }

    private static byte[] message(String id, SplittableRandom random) {
        String now = Instant.now().truncatedTo(ChronoUnit.MILLIS).toString();
        String spans = IntStream.range(0, SPANS)
                .mapToObj(n -> """
                        {"ID":"%s-%d","TraceID":"%s","ParentSpanID":null,"Name":"llm","StartTime":"%s","EndTime":"%s",\
                        "Input":{"messages":[{"role":"user","content":"%s"}]},"Output":{"content":"%s"},"Metadata":null,\
                        "Model":"%s","ModelParameters":{"temperature":0.2},"Usage":{"PromptTokens":%d,\
                        "CompletionTokens":%d,"TotalTokens":null},"Level":2,"StatusMessage":null}""".formatted(
                        id, n, id, now, now, text(random, 150), text(random, 150), MODELS[n % 3], n + 10, n + 1))
                .collect(Collectors.joining(","));
        return """
                {"ID":"%s","ProjectID":"bench","SessionID":"session-%d","UserID":"user-%d","User":{"Name":"Ann"},\
                "Name":"chat","Timestamp":"%s","Metadata":{"n":1},"Spans":[%s]}""".formatted(id, random.nextInt(SESSIONS), random.nextInt(USERS), now, spans)
                .getBytes(UTF_8);
    }

    /** The same trace as a client posts it. */
    static String request(String id) {
        var random = new SplittableRandom(id.hashCode());
        String now = Instant.now().truncatedTo(ChronoUnit.MILLIS).toString();
        String spans = IntStream.range(0, SPANS)
                .mapToObj(n -> """
                        {"span_id":"%s-%d","name":"llm","start_time":"%s","end_time":"%s","input":{"content":"%s"},\
                        "output":{"content":"%s"},"model":"%s","model_parameters":{"temperature":0.2},\
                        "usage":{"prompt_tokens":%d,"completion_tokens":%d}}""".formatted(
                                id, n, now, now, text(random, 150), text(random, 150), MODELS[n % 3], n + 10, n + 1))
                .collect(Collectors.joining(","));
        return """
                {"trace_id":"%s","name":"chat","session_id":"session-%d","user_id":"user-%d","spans":[%s]}""".formatted(id, random.nextInt(SESSIONS), random.nextInt(USERS), spans);
    }

    private static String text(SplittableRandom random, int length) {
        var text = new StringBuilder(length);
        while (text.length() < length) {
            text.append(Long.toString(random.nextLong() & Long.MAX_VALUE, 36).toLowerCase(Locale.ROOT))
                    .append(' ');
        }
        return text.substring(0, length);
    }
}
