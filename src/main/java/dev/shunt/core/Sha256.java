package dev.shunt.core;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256, cut to what a place needs. */
public final class Sha256 {

    /** Only ever cloned: that costs a third of asking the providers, hundreds of times for one trace. */
    private static final MessageDigest FRESH = fresh();

    private Sha256() {}

    /** All 32 bytes. */
    public static byte[] of(byte[] content) {
        try {
            return ((MessageDigest) FRESH.clone()).digest(content);
        } catch (CloneNotSupportedException foreignProvider) {
            return fresh().digest(content);
        }
    }

    private static MessageDigest fresh() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException everyJavaHasIt) {
            throw new IllegalStateException("this Java has no SHA-256", everyJavaHasIt);
        }
    }

    /** All 64 hex digits, lower case. */
    public static String hex(byte[] content) {
        return HexFormat.of().formatHex(of(content));
    }

    /** The same of the text in UTF-8. */
    public static String hex(String content) {
        return hex(content.getBytes(UTF_8));
    }

    /** The first hex digits, lower case. */
    public static String hex(byte[] content, int digits) {
        return hex(content).substring(0, digits);
    }

    public static String hex(String content, int digits) {
        return hex(content.getBytes(UTF_8), digits);
    }
}
