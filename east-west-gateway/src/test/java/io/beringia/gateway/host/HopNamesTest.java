package io.beringia.gateway.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.discovery.catalog.Hop;
import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.gateway.outbound.DialFailure;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HopNamesTest {
    private static final Hop.Named HOP = new Hop.Named("pod.example", 15_008);
    private static final Duration SHORT = Duration.ofMillis(20);
    private static final Duration LONG = Duration.ofHours(1);

    private final EventLoop loop = new DefaultEventLoop();
    private final CountDownLatch released = new CountDownLatch(1);
    private final List<HopNames> open = new ArrayList<>();
    /** What callers heard, in order. */
    private final BlockingQueue<Object> heard = new LinkedBlockingQueue<>();

    @AfterEach
    void ends() {
        released.countDown();
        open.forEach(HopNames::close);
        loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
    }

    private HopNames names(HopNames.Resolver resolver) {
        HopNames names = new HopNames(resolver);
        open.add(names);
        return names;
    }

    /** Answers when the test lets it. */
    private InetAddress[] late(String hostname) throws UnknownHostException {
        try {
            released.await();
        } catch (InterruptedException stop) {
            throw new UnknownHostException(hostname);
        }
        return new InetAddress[] {InetAddress.ofLiteral("10.0.0.1")};
    }

    private void ask(HopNames names, boolean v6, Duration patience) {
        HopNames.Caller caller = new HopNames.Caller(loop, System::nanoTime, new SplittableRandom(1), v6, patience);
        loop.execute(() -> names.resolve(HOP, caller, new HopNames.Answer() {
            @Override
            public void onFound(SocketAddress address) {
                heard.add(address.toString());
            }

            @Override
            public void onFailed(DialFailure why) {
                heard.add(why);
            }
        }));
    }

    private Object next() throws InterruptedException {
        Object next = heard.poll(20, TimeUnit.SECONDS);
        return next == null ? "nothing in 20 s" : next;
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.1 2001:db8::1, false, 10.0.0.1:15008",
        "10.0.0.1 2001:db8::1, true, [2001:db8::1]:15008",
        "10.0.0.1, true, 10.0.0.1:15008",
        "2001:db8::1, false, [2001:db8::1]:15008"
    })
    void an_address_of_the_callers_family_is_chosen_if_there_is_one(String known, boolean v6, String chosen)
            throws Exception {
        ask(names(_ -> Stream.of(known.split(" ")).map(InetAddress::ofLiteral).toArray(InetAddress[]::new)), v6, LONG);
        assertThat(next()).isEqualTo(chosen);
    }

    @Test
    void a_name_that_nobody_knows_is_a_refusal() throws Exception {
        ask(
                names(hostname -> {
                    throw new UnknownHostException(hostname);
                }),
                false,
                LONG);
        assertThat(next()).isInstanceOf(DialFailure.Refused.class);
    }

    @Test
    void a_resolver_that_says_nothing_is_not_waited_for_and_its_answer_comes_too_late() throws Exception {
        HopNames names = names(this::late);
        ask(names, false, SHORT);
        assertThat(next()).isEqualTo(new DialFailure.TimedOut());
        ask(names, false, LONG);
        released.countDown();
        assertThat(next()).as("to the second question").isEqualTo("10.0.0.1:15008");
        assertThat(heard).as("to the first").isEmpty();
    }

    /** Four are asked, 256 wait. */
    @Test
    void more_questions_than_can_wait_are_refused_at_once() throws Exception {
        HopNames names = names(this::late);
        for (int i = 0; i < 261; i++) {
            ask(names, false, LONG);
        }
        assertThat(next())
                .isInstanceOfSatisfying(
                        DialFailure.Refused.class,
                        refused -> assertThat(refused.detail()).endsWith("resolver busy"));
    }
}
