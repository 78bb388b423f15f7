package dev.shunt.temporal;

import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.util.Locale;
import javax.net.ssl.SSLException;

/** How calls reach Temporal: in the clear, over TLS, with a client certificate or with an API key. */
final class TemporalTransport {

    private final TemporalAccess access;

    TemporalTransport(TemporalAccess access) {
        this.access = access;
    }

    void secure(WorkflowServiceStubsOptions.Builder options) {
        if (!access.encrypted()) {
            return;
        }
        options.setSslContext(context());
        TemporalTls tls = access.tls();
        if (!tls.serverName().isBlank()) {
            options.setChannelInitializer(channel -> channel.overrideAuthority(tls.serverName()));
        }
        if (!access.apiKey().isEmpty()) {
            options.addApiKey(access::apiKey);
        }
    }

    private SslContext context() {
        TemporalTls tls = access.tls();
        SslContextBuilder context = GrpcSslContexts.configure(SslContextBuilder.forClient());
        tls.trusted().ifPresent(ca -> context.trustManager(new RotatedTrust(ca)));
        if (!tls.key().isBlank()) {
            context.keyManager(new RotatedKey(Path.of(tls.certificate()), Path.of(tls.key())));
        }
        try {
            return context.build();
        } catch (SSLException unusable) {
            throw new IllegalStateException(
                    "TLS towards Temporal cannot be set up: " + unusable.getMessage(), unusable);
        }
    }

    /** To be put behind an address. */
    String clause() {
        return access.encrypted() ? " over TLS" : "";
    }

    /** What a failed call says, with what TLS has to do with it. */
    String told(Throwable fault) {
        String said = String.valueOf(fault.getMessage());
        for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
            if (cause instanceof SSLException || cause instanceof CertificateException) {
                return "the TLS handshake failed: " + deepest(cause) + hint(deepest(cause));
            }
            if (!access.encrypted() && looksEncrypted(String.valueOf(cause.getMessage()))) {
                return said + ": so does a server that wants TLS; if it does, set shunt.temporal.tls.enabled=true";
            }
        }
        if (access.encrypted() && said.startsWith("UNAVAILABLE")) {
            return said + " (over TLS" + (access.tls().key().isBlank() ? ", without a client certificate" : "") + ": "
                    + deepest(fault) + ")";
        }
        return said;
    }

    private static boolean looksEncrypted(String message) {
        return message.contains("First received frame was not SETTINGS")
                || message.contains("Network closed for unknown reason");
    }

    private String hint(String why) {
        String lower = why.toLowerCase(Locale.ROOT);
        boolean wantsCertificate = lower.contains("certificate_required") || lower.contains("certificate required");
        if (access.tls().key().isBlank() && (wantsCertificate || lower.contains("handshake_failure"))) {
            return "; the server asks for a client certificate: set shunt.temporal.tls.certificate and key";
        }
        return lower.contains("certification path") || lower.contains("certificate verify")
                ? "; the server's certificate comes from none of "
                        + access.tls()
                                .trusted()
                                .map(ca -> "shunt.temporal.tls.ca (" + ca + ")")
                                .orElse("the JVM's trusted ones, and shunt.temporal.tls.ca is not set")
                : "";
    }

    private static String deepest(Throwable fault) {
        Throwable cause = fault;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }
}
