package dev.shunt.bench;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** What the door is held against: in the same server, a handler that pushes the body to a list and answers 202. */
@RestController
@ConditionalOnProperty("bench.bare-door")
final class BareDoor implements DisposableBean {

    static final String PATH = "/bench/lpush";
    static final String LIST = "bench:pushed";

    private final RedisClient client;
    private final StatefulRedisConnection<String, byte[]> redis;

    BareDoor(@Value("${shunt.redis.url}") String url) {
        client = RedisClient.create(url);
        redis = client.connect(RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE));
    }

    @PostMapping(PATH)
    @ResponseStatus(HttpStatus.ACCEPTED)
    String push(@RequestBody byte[] body) {
        redis.sync().lpush(LIST, body);
        return "{\"success\":true}";
    }

    @Override
    public void destroy() {
        redis.close();
        client.close();
    }
}
