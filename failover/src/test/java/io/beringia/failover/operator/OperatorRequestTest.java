package io.beringia.failover.operator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.discovery.catalog.RegionId;
import io.beringia.trust.identity.SpiffeId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class OperatorRequestTest {
    private static final SpiffeId ALICE = SpiffeId.parse("spiffe://cluster.local/ns/ops/sa/alice");
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final RegionId EAST = new RegionId("us-east");

    @Test
    void a_command_carries_who_why_and_until_when() {
        assertThat(parse("""
                        {"verb": "evacuate", "region": "us-east", "reason": "fire", "expires": "2h",
                         "override-rules": ["ATLEAST_ONE", "CAPACITY"], "dry-run": true}"""))
                .isEqualTo(new OperatorRequest.Wish(
                        new OperatorCommand.Evacuate(
                                EAST,
                                new OperatorCommand.Order(
                                        ALICE,
                                        "fire",
                                        NOW.plus(Duration.ofHours(2)),
                                        List.of("ATLEAST_ONE", "CAPACITY"))),
                        true));
        assertThat(parse("{\"verb\": \"freeze\", \"reason\": \"x\", \"expires\": \"2026-01-02T00:00:00Z\"}"))
                .isEqualTo(new OperatorRequest.Wish(
                        new OperatorCommand.Freeze(
                                Optional.empty(),
                                new OperatorCommand.Order(ALICE, "x", NOW.plus(Duration.ofDays(1)), List.of())),
                        false));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            ''                                                  | body: MISSING (expected: an object)
            [                                                   | body: no JSON (expected: an object)
            []                                                  | body: ARRAY (expected: an object)
            {'verb':'evacuate','verb':'drain'}                  | body: no JSON (expected: an object)
            {}                                                  | reason: missing (expected: a text); expires: missing (expected: a text); verb: missing (expected: a text)
            {'verb':'nuke','reason':'r','expires':'1h'}         | verb: 'nuke' (expected: evacuate, restore, drain or freeze)
            {'verb':'drain','reason':'r','expires':'1h'}        | region: missing (expected: the name of a region)
            {'verb':'drain','region':7,'reason':'r','expires':'1h'} | region: NUMBER (expected: a text)
            {'verb':'freeze','reason':' ','expires':'1h'}       | reason: 1 characters (expected: why, in 1 to 400 of them)
            {'verb':'freeze','reason':'r','expires':'soon'}     | expires: 'soon' (expected: a duration as 90s, 30m, 2h, or a time as 2026-01-31T12:00:00Z)
            {'verb':'freeze','reason':'r','expires':'1h','override-rules':'ACKS'} | override-rules: STRING (expected: a list)
            {'verb':'freeze','reason':'r','expires':'1h','dry-run':'no'} | dry-run: STRING (expected: true or false)
            {'verb':'freeze','service':'a/b','reason':'r','expires':'1h'} | service: of a freeze (expected: only with evacuate, restore or drain)
            {'verb':'drain','region':'us-east','service':'b','reason':'r','expires':'1h'} | service: 'b' (expected: namespace/hostname)
            {'verb':'freeze','reason':'r','expires':'1h','weights':1} | weights: unknown (expected: one of [verb, region, service, reason, expires, override-rules, dry-run])
            """)
    void a_malformed_command_names_all_that_is_wrong(String body, String why) {
        assertThat(parse(body.replace("''", "").replace('\'', '"')))
                .isEqualTo(new OperatorRequest.Malformed(why.replace('\'', '"')));
    }

    @Test
    void the_fence_is_no_rule_that_anybody_sets_aside() {
        assertThat(parse("{\"verb\":\"freeze\",\"reason\":\"r\",\"expires\":\"1h\",\"override-rules\":[\"FENCE\"]}"))
                .isInstanceOfSatisfying(
                        OperatorRequest.Malformed.class,
                        malformed -> assertThat(malformed.why())
                                .startsWith("override-rules: \"FENCE\" (expected: one of [ATLEAST_ONE, ")
                                .doesNotContain("FENCE,"));
    }

    private static OperatorRequest parse(String body) {
        return OperatorRequest.parse(body.getBytes(UTF_8), ALICE, NOW);
    }
}
