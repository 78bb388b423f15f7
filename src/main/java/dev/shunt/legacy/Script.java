package dev.shunt.legacy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/** The atomic steps of the legacy route: one Lua script each, which begins with the invariant that it keeps. */
enum Script {
    ACCEPT_ON_LEGACY(false),
    REGISTER(false),
    HAND_TO_LEGACY(true),
    SETTLE(true),
    FORWARD(true),
    SETTLE_FORWARDED(true),
    REGISTERED(true),
    TAKE_TURN(true),
    CENSUS(true),
    PEEK(true),
    RAISE_FENCE(true),
    LIFT_STOP(true),
    OPEN_LIST(true),
    HEARTBEAT(true),
    FETCH_MORE(true),
    TAP_REGISTER(true),
    TAP_BOOK(true),
    ACKNOWLEDGE(true),
    BURY(true),
    SUSPECT(true),
    RECOVER(true),
    CLOSE_LISTS(true);

    /** Asks a server that is out of memory to run the script all the same; servers before 7.0 do not know it. */
    private static final String ALTHOUGH_FULL = "#!lua flags=allow-oom\n";

    private final boolean drains;

    private final String body =
            read("/legacy/" + name().toLowerCase(Locale.ROOT).replace('_', '-') + ".lua");
    private final String digest = sha1(body);

    /** @param drains takes in nothing new: only so can a server that is out of memory get rid of what fills it */
    Script(boolean drains) {
        this.drains = drains;
    }

    String digest() {
        return digest;
    }

    /** Runs the step; its parts are all done or all not. */
    Reply run(RedisCommands<String, byte[]> redis, List<String> keys, Arguments arguments) {
        String[] key = keys.toArray(String[]::new);
        byte[][] argument = arguments.values.toArray(byte[][]::new);
        try {
            return new Reply(redis.evalsha(digest, ScriptOutputType.MULTI, key, argument));
        } catch (RedisNoScriptException firstTime) {
            return evaluate(redis, key, argument);
        } catch (RedisCommandExecutionException refused) {
            return although(refused, redis, key, argument);
        }
    }

    private Reply evaluate(RedisCommands<String, byte[]> redis, String[] key, byte[][] argument) {
        try {
            return new Reply(redis.eval(body, ScriptOutputType.MULTI, key, argument));
        } catch (RedisCommandExecutionException refused) {
            return although(refused, redis, key, argument);
        }
    }

    /** A refusal for lack of memory comes before a script's first write: nothing of it has happened. */
    private Reply although(
            RedisCommandExecutionException refused,
            RedisCommands<String, byte[]> redis,
            String[] key,
            byte[][] argument) {
        if (!drains || !isFull(refused)) {
            throw refused;
        }
        try {
            return new Reply(redis.eval(ALTHOUGH_FULL + body, ScriptOutputType.MULTI, key, argument));
        } catch (RedisCommandExecutionException old) {
            refused.addSuppressed(old);
            throw refused;
        }
    }

    /** Whether a server refuses to write because it has reached its {@code maxmemory}. */
    static boolean isFull(RedisException refused) {
        String words = refused.getMessage();
        return words != null && (words.startsWith("OOM ") || words.contains(" OOM "));
    }

    private static String read(String resource) {
        try (InputStream in = requireNonNull(Script.class.getResourceAsStream(resource), resource)) {
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException broken) {
            throw new UncheckedIOException("cannot read " + resource, broken);
        }
    }

    private static String sha1(String body) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(body.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** What a script is told beside its keys. */
    static final class Arguments {
        private final List<byte[]> values = new ArrayList<>();

        static Arguments of(String... texts) {
            var arguments = new Arguments();
            for (String text : texts) {
                arguments.and(text);
            }
            return arguments;
        }

        Arguments and(String text) {
            return and(text.getBytes(UTF_8));
        }

        Arguments and(long number) {
            return and(Long.toString(number));
        }

        Arguments and(byte[] bytes) {
            values.add(bytes);
            return this;
        }

        boolean isEmpty() {
            return values.isEmpty();
        }
    }

    /** What a script answers: an array of strings, numbers and arrays. */
    record Reply(List<?> parts) {

        int size() {
            return parts.size();
        }

        byte[] bytes(int index) {
            return (byte[]) requireNonNull(parts.get(index));
        }

        String text(int index) {
            return new String(bytes(index), UTF_8);
        }

        long number(int index) {
            return (Long) requireNonNull(parts.get(index));
        }

        Reply part(int index) {
            return new Reply((List<?>) requireNonNull(parts.get(index)));
        }

        List<byte[]> allBytes() {
            return parts.stream().map(part -> (byte[]) part).toList();
        }
    }
}
