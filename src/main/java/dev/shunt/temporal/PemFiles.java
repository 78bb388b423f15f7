package dev.shunt.temporal;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads certificates and keys. What it throws names the key of the settings and the file, never what is in it. */
final class PemFiles {

    private static final Pattern PKCS8 =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
    private static final String CERTIFICATE = TemporalTls.PREFIX + "certificate";
    private static final String KEY = TemporalTls.PREFIX + "key";

    private PemFiles() {}

    /** A certificate, with those that it comes from, and its private key. */
    @SuppressWarnings("ArrayRecordComponent") // as the JDK's key managers hand it out; never compared
    record Identity(X509Certificate[] chain, PrivateKey key) {}

    /** @throws IllegalArgumentException naming the setting, if the file cannot be read or holds none */
    static List<X509Certificate> certificates(String setting, Path file) {
        try {
            List<X509Certificate> found =
                    CertificateFactory.getInstance("X.509")
                            .generateCertificates(new ByteArrayInputStream(bytes(setting, file)))
                            .stream()
                            .map(X509Certificate.class::cast)
                            .toList();
            if (found.isEmpty()) {
                throw new CertificateException("no certificate in it");
            }
            return found;
        } catch (CertificateException unreadable) {
            throw new IllegalArgumentException(
                    setting + " must be a PEM file of certificates, was " + file + " (" + unreadable.getMessage() + ")",
                    unreadable);
        }
    }

    /** @throws IllegalArgumentException naming the setting that is wrong, also if the key is another certificate's */
    static Identity identity(Path certificate, Path key) {
        X509Certificate[] chain = certificates(CERTIFICATE, certificate).toArray(X509Certificate[]::new);
        PublicKey known = chain[0].getPublicKey();
        Matcher form = PKCS8.matcher(new String(bytes(KEY, key), StandardCharsets.US_ASCII));
        if (!form.find()) {
            throw new IllegalArgumentException(KEY
                    + " must be a PEM file with BEGIN PRIVATE KEY (PKCS#8 without a password; openssl pkcs8 -topk8 -nocrypt"
                    + " makes one), was " + key);
        }
        try {
            PrivateKey secret = KeyFactory.getInstance(known.getAlgorithm())
                    .generatePrivate(
                            new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(form.group(1))));
            if (belong(secret, known)) {
                return new Identity(chain, secret);
            }
        } catch (GeneralSecurityException | IllegalArgumentException otherKind) {
            throw misfit(certificate, key);
        }
        throw misfit(certificate, key);
    }

    private static IllegalArgumentException misfit(Path certificate, Path key) {
        return new IllegalArgumentException(
                KEY + " must be the private key of the first certificate in " + certificate + ", was " + key);
    }

    private static boolean belong(PrivateKey secret, PublicKey known) throws GeneralSecurityException {
        String way = switch (known.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> known.getAlgorithm();
        };
        byte[] anything = "the same pair".getBytes(StandardCharsets.US_ASCII);
        Signature signing = Signature.getInstance(way);
        signing.initSign(secret);
        signing.update(anything);
        byte[] signature = signing.sign();
        signing.initVerify(known);
        signing.update(anything);
        return signing.verify(signature);
    }

    private static byte[] bytes(String setting, Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException unreadable) {
            String why = unreadable instanceof NoSuchFileException ? "there is no such file" : unreadable.toString();
            throw new IllegalArgumentException(
                    setting + " must be a file that Shunt can read, was " + file + " (" + why + ")", unreadable);
        }
    }
}
