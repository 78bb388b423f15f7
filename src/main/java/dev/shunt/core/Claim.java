package dev.shunt.core;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Stands for a body that is too large to travel with its workflow. Where a workflow's argument would hold the stamped
 * message, it holds {@link #reference()} with a stamp instead.
 *
 * @param sha256 of the body without its stamp, 64 lower-case hex digits
 * @param length of the body without its stamp, in bytes
 */
public record Claim(String sha256, int length) {

    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern FORM =
            Pattern.compile("\\{\"Claimed\":\\{\"sha256\":\"([0-9a-f]{64})\",\"length\":(\\d{1,9})\\}\\}");
    private static final int LONGEST_FORM = 200;

    public Claim {
        if (!SHA256.matcher(sha256).matches()) {
            throw new IllegalArgumentException("sha256 must be 64 lower-case hex digits, was '" + sha256 + "'");
        }
        if (length < 0) {
            throw new IllegalArgumentException("length must be 0 or more, was " + length);
        }
    }

    /** Of the message without its stamp: a repeated item is stamped anew, and needs no second body. */
    public static Claim of(byte[] body) {
        return ofAll(Stamp.split(body).message());
    }

    /** Whether a body is what was claimed; claims that workflows of older versions carry include the stamp. */
    public boolean fits(byte[] body) {
        return equals(of(body)) || equals(ofAll(body));
    }

    private static Claim ofAll(byte[] bytes) {
        return new Claim(Sha256.hex(bytes), bytes.length);
    }

    /** The claim that a message without its stamp is; empty if it is an ordinary message. */
    public static Optional<Claim> read(byte[] message) {
        if (message.length > LONGEST_FORM) {
            return Optional.empty();
        }
        Matcher form = FORM.matcher(new String(message, UTF_8));
        return form.matches()
                ? Optional.of(new Claim(form.group(1), Integer.parseInt(form.group(2))))
                : Optional.empty();
    }

    /** One JSON object that can be stamped like a message. */
    public byte[] reference() {
        return ("{\"Claimed\":{\"sha256\":\"" + sha256 + "\",\"length\":" + length + "}}").getBytes(UTF_8);
    }
}
