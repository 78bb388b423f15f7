package dev.shunt.rollout;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.shunt.core.JsonText;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** What is posted to a webhook, and its signature. */
final class WebhookBody {

    private WebhookBody() {}

    /** The body that Slack and those like it show as one message. */
    static String slack(WebhookOutbox.Message message) {
        return "{\"text\":" + JsonText.quoted(message.words()) + "}";
    }

    /**
     * {@code t=<unix seconds>,v1=<hex>}: HMAC-SHA256 with the secret over the seconds, a full stop and the body. A receiver
     * that also looks at the time cannot be made to take an old message again.
     */
    static String signature(String secret, Instant now, String body) {
        long seconds = now.getEpochSecond();
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(UTF_8), "HmacSHA256"));
            byte[] signed = mac.doFinal((seconds + "." + body).getBytes(UTF_8));
            return "t=" + seconds + ",v1=" + HexFormat.of().formatHex(signed);
        } catch (GeneralSecurityException everyJavaHasIt) {
            throw new IllegalStateException("this Java has no HMAC-SHA256", everyJavaHasIt);
        }
    }
}
