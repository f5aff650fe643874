package io.beringia.gateway.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HeaderRoomTest {
    private static final String IDENTITY = "spiffe://cluster.local/ns/web/sa/front";

    private static Http2Headers request() {
        return new DefaultHttp2Headers()
                .method("CONNECT")
                .authority("cart.shop:80")
                .set("baggage", "a=1,b=2,c=3")
                .set("forwarded", "for=\"10.1.1.1:4711\"")
                .set("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00")
                .set("x-beringia-source-identity", IDENTITY);
    }

    @Test
    void counts_as_http2_does() {
        Http2Headers headers = new DefaultHttp2Headers().method("CONNECT").authority("cart.shop:80");
        assertThat(HeaderRoom.bytes(headers)).isEqualTo(7 + 7 + 32 + 10 + 12 + 32);
    }

    @ParameterizedTest(name = "{0} bytes too many leave baggage {1}")
    @CsvSource({"0, 'a=1,b=2,c=3'", "1, 'a=1,b=2'", "4, 'a=1,b=2'", "5, 'a=1'", "8, 'a=1'", "9,", "50,"})
    void whole_members_of_baggage_make_room_from_the_end(int excess, String left) {
        Http2Headers headers = request();
        assertThat(HeaderRoom.fit(headers, HeaderRoom.bytes(headers) - excess)).isTrue();
        assertThat(headers.get("baggage")).isEqualTo(left);
        assertThat(headers.contains("forwarded")).isTrue();
    }

    @Test
    void then_whatever_else_was_carried_goes_and_what_we_say_stays() {
        Http2Headers headers = request();
        Http2Headers own = request();
        own.remove("baggage");
        own.remove("forwarded");
        own.remove("traceparent");
        assertThat(HeaderRoom.fit(headers, HeaderRoom.bytes(own))).isTrue();
        assertThat(headers).isEqualTo(own);
    }

    @Test
    void what_we_must_say_is_never_cut() {
        Http2Headers headers = request();
        assertThat(HeaderRoom.fit(headers, 100)).isFalse();
        assertThat(headers.get("x-beringia-source-identity")).isEqualTo(IDENTITY);
    }

    @Test
    void baggage_of_one_member_goes_whole() {
        Http2Headers headers = new DefaultHttp2Headers().set("baggage", "a=" + "v".repeat(100));
        assertThat(HeaderRoom.fit(headers, 100)).isTrue();
        assertThat(headers.isEmpty()).isTrue();
    }
}
