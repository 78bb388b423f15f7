package dev.shunt.cli.chaos;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One service's line to Redis. Knows each command and the answer that belongs to it, so it can swallow the answer to a step
 * that Redis did, and keep a registration back that a service has decided on.
 */
final class RedisRelay extends Relay {

    private final AtomicReference<@Nullable Cut> cut = new AtomicReference<>();
    private final AtomicReference<@Nullable Held> hold = new AtomicReference<>();

    RedisRelay(int target) throws IOException {
        super(target);
    }

    private record Cut(Step step, CountDownLatch done) {}

    /** A command on its way whose answer somebody waits for. */
    private record Asked(@Nullable Step step, @Nullable Held held) {}

    /** Swallows the answer to the next such step that Redis did, and hangs up; the latch opens then. */
    CountDownLatch cut(Step step) {
        var order = new Cut(step, new CountDownLatch(1));
        cut.set(order);
        return order.done();
    }

    /** Forgets an order that nothing has come by for. */
    void spare() {
        cut.set(null);
    }

    /** Keeps such steps back from now on, and with them all that follows on their connections, until they are let go. */
    Held hold(Step step) {
        var order = new Held(step);
        hold.set(order);
        return order;
    }

    @Override
    Ways carry(Socket client, Socket backend) throws IOException {
        var asked = new ConcurrentLinkedQueue<Asked>();
        var commands = new Resp(client.getInputStream());
        var answers = new Resp(backend.getInputStream());
        OutputStream toBackend = backend.getOutputStream();
        OutputStream toClient = client.getOutputStream();
        return new Ways() {
            @Override
            public void there() throws IOException, InterruptedException {
                for (var next = commands.next(); next.isPresent(); next = commands.next()) {
                    List<byte[]> words = Resp.words(next.get());
                    Optional<Step> step = Step.of(words);
                    asked.add(new Asked(step.orElse(null), step.isEmpty() ? null : heldBack(step.get(), words)));
                    toBackend.write(next.get());
                }
            }

            @Override
            public void back() throws IOException {
                for (var next = answers.next(); next.isPresent(); next = answers.next()) {
                    Asked command = next.get()[0] == '>' ? null : asked.poll(); // what is pushed answers nothing
                    if (command != null && isCut(command.step(), next.get())) {
                        return;
                    }
                    if (command != null && command.held() != null) {
                        command.held().answered(next.get());
                    }
                    toClient.write(next.get());
                }
            }
        };
    }

    private @Nullable Held heldBack(Step step, List<byte[]> words) throws InterruptedException {
        Held held = hold.get();
        return held != null && held.step() == step && held.keep(step.keys(words)) ? held : null;
    }

    private boolean isCut(@Nullable Step step, byte[] answer) {
        Cut order = cut.get();
        if (order == null || step != order.step() || !step.happened(answer) || !cut.compareAndSet(order, null)) {
            return false;
        }
        order.done().countDown();
        return true;
    }

    /** Lets everything go that is kept back. */
    void release() {
        Held held = hold.getAndSet(null);
        if (held != null) {
            held.letGo();
        }
    }
}
