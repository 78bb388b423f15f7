package dev.shunt.workloads.echo;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.shunt.core.DoorCodec;
import dev.shunt.core.MessageCodec;
import dev.shunt.core.WayIn;
import java.time.Instant;
import java.util.Map;

/** The same JSON object over HTTP and in the queue. */
final class EchoFormats {

    private EchoFormats() {}

    static final class Door implements DoorCodec {
        @Override
        public String path() {
            return "/v1/echo";
        }

        @Override
        public DoorCodec.Reading read(String project, Map<String, String> headers, byte[] body, Instant now) {
            try {
                EchoMessage message = EchoMessage.parse(body);
                return new DoorCodec.Reading.Read(
                        message.item(WayIn.HTTP, now), (route, workflowId) -> (message.line() + "\n").getBytes(UTF_8));
            } catch (EchoMessage.Unreadable fault) {
                return new DoorCodec.Reading.Refused(400, "invalid request body: " + fault.getMessage());
            }
        }
    }

    static final class Messages implements MessageCodec {
        @Override
        public MessageCodec.Reading read(byte[] message, Instant now) {
            try {
                return new MessageCodec.Reading.Read(EchoMessage.parse(message).item(WayIn.TAP, now));
            } catch (EchoMessage.Unreadable fault) {
                return new MessageCodec.Reading.Undecodable(String.valueOf(fault.getMessage()));
            }
        }
    }
}
