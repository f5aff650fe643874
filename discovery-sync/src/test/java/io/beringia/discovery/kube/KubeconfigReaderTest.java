package io.beringia.discovery.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.discovery.kube.KubeconfigReader.Allowance;
import io.beringia.discovery.kube.KubeconfigReader.Verdict;
import java.net.URI;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class KubeconfigReaderTest {
    private static final String GOOD = """
            apiVersion: v1
            kind: Config
            current-context: east
            preferences: {colors: true}
            clusters:
            - name: east
              cluster:
                server: https://api.east.example.org:6443
                certificate-authority-data: Y2E=
            - name: other
              cluster: {server: "https://other.example.org", insecure-skip-tls-verify: true}
            contexts:
            - name: east
              context: {cluster: east, user: reader, namespace: shop}
            users:
            - name: reader
              user:
                token: s3cret
                client-certificate-data: Y2VydA==
                client-key-data: a2V5
            - name: other
              user: {exec: {command: sh}}
            """;

    private static Verdict read(String text, Allowance... allowed) {
        return KubeconfigReader.read(text, Set.of(allowed));
    }

    @Test
    void takes_five_fields_of_the_current_context_and_no_other() {
        assertThat(read(GOOD))
                .as("verdict")
                .isEqualTo(new Verdict.Accepted(new Kubeconfig(
                        URI.create("https://api.east.example.org:6443"), "Y2E=", "s3cret", "Y2VydA==", "a2V5")));
    }

    @Test
    void never_prints_a_secret() {
        assertThat(read(GOOD).toString()).as("as text").contains("api.east").doesNotContain("s3cret", "a2V5");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "exec: {command: sh, args: [-c, 'touch /tmp/x']}",
                "auth-provider: {name: oidc}",
                "auth-provider: {name: gcp}",
                "tokenFile: /var/run/token",
                "client-key: /etc/key.pem",
                "client-certificate: /etc/cert.pem",
                "as: admin",
                "as-groups: [system:masters]",
                "as-user-extra: {a: [b]}",
                "as-uid: '1'",
                "username: admin",
                "password: hunter2",
            })
    void refuses_what_a_user_entry_must_not_say(String field) {
        Verdict verdict = read(GOOD.replace("token: s3cret", field));

        assertThat(verdict)
                .as(field)
                .isInstanceOfSatisfying(
                        Verdict.Refused.class,
                        refused -> assertThat(refused.problems())
                                .as("names the field, not its value")
                                .singleElement()
                                .asString()
                                .contains(field.substring(0, field.indexOf(':')))
                                .doesNotContain("hunter2", "/etc", "admin"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "certificate-authority: /etc/ca.pem",
                "insecure-skip-tls-verify: true",
                "proxy-url: http://proxy.example.org",
                "tls-server-name: other.example.org",
            })
    void refuses_what_a_cluster_entry_must_not_say(String field) {
        assertThat(read(GOOD.replace("certificate-authority-data: Y2E=", field)))
                .as(field)
                .isInstanceOf(Verdict.Refused.class);
    }

    @Test
    void a_dangerous_switch_that_is_off_is_no_danger() {
        assertThat(read(GOOD.replace("certificate-authority-data: Y2E=", "insecure-skip-tls-verify: false")))
                .as("verdict")
                .isInstanceOf(Verdict.Accepted.class);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            http://api.east.example.org     | PLAIN_HTTP
            https://127.0.0.1:6443          | LOCAL_SERVER
            https://127.9.9.9               | LOCAL_SERVER
            https://[::1]:6443              | LOCAL_SERVER
            https://localhost               | LOCAL_SERVER
            https://LOCALHOST.              | LOCAL_SERVER
            https://api.localhost           | LOCAL_SERVER
            https://0.0.0.0                 | LOCAL_SERVER
            https://169.254.169.254         | LOCAL_SERVER
            https://[fe80::1]               | LOCAL_SERVER
            https://[fd00:ec2::254]         | LOCAL_SERVER
            https://[fd00:0ec2:0::254]      | LOCAL_SERVER
            https://100.100.100.200         | LOCAL_SERVER
            https://metadata.google.internal| LOCAL_SERVER
            https://[::ffff:127.0.0.1]      | LOCAL_SERVER
            """)
    void refuses_a_server_unless_its_kind_is_switched_on(String server, Allowance allowance) {
        String text = GOOD.replace("https://api.east.example.org:6443", "\"" + server + "\"");

        assertThat(read(text)).as(server).isInstanceOf(Verdict.Refused.class);
        assertThat(read(text, allowance)).as(server + " allowed").isInstanceOf(Verdict.Accepted.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "file:///etc/passwd",
                "https://",
                "ftp://api.example.org",
                "https://user:pass@api.example.org",
                "https://api.example.org?x=y",
                "https://2130706433",
                "https://0x7f.1",
                "https://a b",
            })
    void refuses_what_is_no_plain_https_server(String server) {
        assertThat(read(GOOD.replace("https://api.east.example.org:6443", "\"" + server + "\"")))
                .as(server)
                .isInstanceOf(Verdict.Refused.class);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            token: s3cret                 | token: &a s3cret
            token: s3cret                 | token: !!str s3cret
            token: s3cret                 | token: !java.net.URL [x]
            preferences: {colors: true}   | preferences: &p {colors: true}
            kind: Config                  | {kind: Config
            current-context: east         | current-context: west
            current-context: east         | no-context: east
            kind: Config                  | current-context: east
            - name: other                 | - name: east
            user: reader                  | user: nobody
            """)
    void refuses_what_could_be_read_in_two_ways(String what, String instead) {
        assertThat(read(GOOD.replace(what, instead))).as(instead).isInstanceOf(Verdict.Refused.class);
    }

    @Test
    void refuses_a_second_document_an_alias_and_too_much() {
        assertThat(read(GOOD + "---\nkind: Config\n")).as("second document").isInstanceOf(Verdict.Refused.class);
        assertThat(read("a: &x [1]\nb: *x\n")).as("alias").isInstanceOf(Verdict.Refused.class);
        assertThat(read(GOOD + "#" + "x".repeat(64 * 1024))).as("too much").isInstanceOf(Verdict.Refused.class);
        assertThat(read("")).as("nothing").isInstanceOf(Verdict.Refused.class);
    }

    @Test
    void says_all_that_is_wrong_at_once() {
        String text =
                GOOD.replace("token: s3cret", "exec: {}\n    tokenFile: x").replace("https://api", "http://api");

        assertThat(read(text))
                .isInstanceOfSatisfying(
                        Verdict.Refused.class,
                        refused -> assertThat(refused.problems()).as("problems").hasSize(3));
    }

    /** Whatever is done to a text, the answer is a verdict, and never a server that was not asked for. */
    @RepeatedTest(300)
    void survives_a_damaged_text(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        StringBuilder text = new StringBuilder(GOOD);
        for (int i = 0; i <= random.nextInt(8); i++) {
            text.setCharAt(random.nextInt(text.length()), "{}[]:-&*!'\"\n\t #|>%@`x0\0".charAt(random.nextInt(23)));
        }

        switch (read(text.toString())) {
            case Verdict.Accepted(Kubeconfig kubeconfig) ->
                assertThat(kubeconfig.server().getScheme()).as("scheme").isEqualTo("https");
            case Verdict.Refused refused ->
                assertThat(refused.problems()).as("problems").isNotEmpty();
        }
    }
}
