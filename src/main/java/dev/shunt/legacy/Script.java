package dev.shunt.legacy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

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
    ACCEPT_ON_LEGACY,
    REGISTER,
    HAND_TO_LEGACY,
    SETTLE,
    FORWARD,
    SETTLE_FORWARDED,
    REGISTERED,
    TAKE_TURN,
    CENSUS,
    PEEK,
    RAISE_FENCE,
    LIFT_STOP,
    OPEN_LIST,
    HEARTBEAT,
    FETCH_MORE,
    TAP_REGISTER,
    TAP_BOOK,
    ACKNOWLEDGE,
    BURY,
    RECOVER,
    CLOSE_LISTS;

    private final String body =
            read("/legacy/" + name().toLowerCase(Locale.ROOT).replace('_', '-') + ".lua");
    private final String digest = sha1(body);

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
            return new Reply(redis.eval(body, ScriptOutputType.MULTI, key, argument));
        }
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
