package dev.shunt.cli.chaos;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;

/** What a service asks of Redis that changes where a message is; as it can be told from the bytes on the line. */
enum Step {
    MOVE,
    FETCH_MORE,
    ACKNOWLEDGE,
    REGISTER,
    TAP_REGISTER,
    ACCEPT_ON_LEGACY;

    private static final int SCRIPT = 1;

    private final String digest = name().equals("MOVE") ? "" : digest();

    String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Optional<Step> of(List<byte[]> command) {
        String name = word(command, 0);
        if (name.equals("BLMOVE")) {
            return Optional.of(MOVE);
        }
        if (!name.startsWith("EVAL")) {
            return Optional.empty();
        }
        String digest = name.equals("EVAL")
                ? sha1(command.get(SCRIPT))
                : word(command, SCRIPT).toLowerCase(Locale.ROOT);
        return Arrays.stream(values())
                .filter(step -> step.digest.equals(digest))
                .findAny();
    }

    /** Whether Redis did it: an empty list, a stale count or a fence leave everything where it was. */
    boolean happened(byte[] answer) {
        String text = new String(answer, 0, Math.min(answer.length, 16_384), ISO_8859_1);
        return switch (this) {
            case MOVE -> text.startsWith("$") && !text.startsWith("$-");
            case FETCH_MORE -> text.startsWith("*") && !text.startsWith("*0");
            case ACKNOWLEDGE -> text.startsWith("*1\r\n:1");
            case REGISTER, TAP_REGISTER -> text.contains("REGISTERED");
            case ACCEPT_ON_LEGACY -> text.contains("ACCEPTED");
        };
    }

    /** The keys of the items that a registration is about. */
    List<String> keys(List<byte[]> command) {
        int first = 3 + Integer.parseInt(word(command, 2));
        return switch (this) {
            case REGISTER -> List.of(word(command, first));
            case TAP_REGISTER ->
                IntStream.iterate(first + 1, at -> at < command.size(), at -> at + 6)
                        .mapToObj(at -> word(command, at))
                        .toList();
            default -> List.of();
        };
    }

    private String digest() {
        String file = "/legacy/" + text() + ".lua";
        try (InputStream script = Objects.requireNonNull(Step.class.getResourceAsStream(file), file)) {
            return sha1(script.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    private static String word(List<byte[]> command, int index) {
        return index < command.size() ? new String(command.get(index), UTF_8) : "";
    }

    private static String sha1(byte[] script) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(script));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
