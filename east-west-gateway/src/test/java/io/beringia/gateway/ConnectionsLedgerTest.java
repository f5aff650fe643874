package io.beringia.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.gateway.HboneClient.Tunnel;
import io.beringia.trust.ledger.Field;
import io.beringia.trust.ledger.FolderSource;
import io.beringia.trust.ledger.LedgerEntry;
import io.beringia.trust.ledger.LedgerMode;
import io.beringia.trust.ledger.LedgerProof;
import io.beringia.trust.ledger.LedgerProver;
import io.beringia.trust.ledger.LedgerVerifier;
import io.beringia.trust.ledger.LogReport;
import io.beringia.trust.ledger.LogSource;
import io.beringia.trust.ledger.Policy;
import io.beringia.trust.ledger.RoleLedger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Two gateways that write every connection down, and whoever reads it. */
final class ConnectionsLedgerTest {
    @TempDir
    private Path dir;

    private final World world = new World();

    @AfterEach
    void ends() throws Exception {
        world.close();
    }

    private World.Running start(World.Site site, LedgerMode mode) throws Exception {
        SocketAddress hbone = site.addGateway();
        world.publish();
        world.recording(new RoleLedger(dir.resolve(site.cluster().name()), mode, Optional.empty(), List.of()));
        return site.start(hbone);
    }

    private Path folder(World.Site site) {
        return dir.resolve(site.cluster().name()).resolve("connections");
    }

    private List<LogReport> verified() throws IOException {
        StringBuilder policy = new StringBuilder();
        List<LogSource> logs = new ArrayList<>();
        for (World.Site site : List.of(world.east, world.west)) {
            policy.append("log ")
                    .append(Files.readString(folder(site).resolve("log.vkey")).strip())
                    .append('\n');
            logs.add(FolderSource.of(folder(site)));
        }
        return new LedgerVerifier(Policy.parse(policy + "quorum none\n"), Optional.empty()).verify(logs);
    }

    private List<LedgerEntry> entries(World.Site site) throws IOException {
        return LedgerProver.of(FolderSource.of(folder(site)))
                .prove(entry -> entry.octets(Field.CONNECTION).isPresent())
                .stream()
                .map(LedgerProof::extra)
                .map(entry -> LedgerEntry.parse(entry.orElseThrow()))
                .toList();
    }

    private static String id(LedgerEntry entry) {
        return HexFormat.of().formatHex(entry.octets(Field.CONNECTION).orElseThrow());
    }

    @ParameterizedTest
    @EnumSource(LedgerMode.class)
    void a_connection_stands_in_the_logs_of_both_gateways(LedgerMode mode) throws Exception {
        world.keep(Backend.echo(world.west.addPod()));
        World.Running west = start(world.west, mode);
        World.Running east = start(world.east, mode);
        Tunnel tunnel = world.client(east.relay(), world.east.svid(world.east.clientId()))
                .open(World.AUTHORITY);
        assertThat(tunnel.status()).isEqualTo("200");
        tunnel.write("hello").finish();
        assertThat(tunnel.drain()).isEqualTo(5);
        Stream.of(world.east, world.west)
                .forEach(site -> await().untilAsserted(() ->
                        assertThat(site.count("gateway.tunnels.closed")).isEqualTo(1)));
        Stream.of(east, west).forEach(one -> one.gateway().close());

        assertThat(verified()).allSatisfy(report -> {
            assertThat(report.findings()).isEmpty();
            assertThat(report.lost()).isZero();
            assertThat(report.legs()).isEqualTo(1);
        });
        List<LedgerEntry> near = entries(world.east);
        List<LedgerEntry> far = entries(world.west);
        assertThat(near).hasSize(2);
        assertThat(far).hasSize(2);
        assertThat(Stream.concat(near.stream(), far.stream()).map(ConnectionsLedgerTest::id))
                .as("one connection")
                .containsOnly(id(near.getFirst()));
        assertThat(Stream.concat(near.stream(), far.stream())).allSatisfy(entry -> {
            assertThat(entry.text(Field.SOURCE_ID))
                    .contains(world.east.clientId().toString());
            assertThat(entry.text(Field.AUTHORITY)).contains(World.AUTHORITY);
            assertThat(entry.octets(Field.SOURCE_LEAF).orElseThrow()).hasSize(16);
        });
        assertThat(near.getFirst().text(Field.DESTINATION_ID))
                .contains(world.west.gatewayId().toString());
        assertThat(near.getFirst().text(Field.PEER)).contains("west-1/gateway-0");
        assertThat(far.getFirst().text(Field.DESTINATION_ID)).contains("spiffe://cluster.local/ns/demo/sa/echo");
        assertThat(far.getFirst().text(Field.ACTOR))
                .contains(world.east.gatewayId().toString());
        assertThat(far.getFirst().text(Field.PEER)).contains("east-1");
        assertThat(near.getLast().numbers(Field.BYTES)).containsExactly(5L, 5L);
        assertThat(near.getLast().text(Field.REASON)).contains("finished");
    }

    @Test
    void a_connection_that_is_refused_stands_there_with_the_word_of_log_and_metric() throws Exception {
        World.Running east = start(world.east, LedgerMode.DEFAULT);
        start(world.west, LedgerMode.DEFAULT).gateway().close();
        Tunnel tunnel = world.client(east.relay(), world.east.svid(world.east.clientId()))
                .open("nobody.demo.svc.cluster.local:80");
        assertThat(tunnel.status()).isEqualTo("404");
        east.gateway().close();

        LedgerEntry refused = entries(world.east).getFirst();
        assertThat(refused.number(Field.DECISION)).contains(0L);
        assertThat(refused.text(Field.REASON)).contains("unknown-service");
        assertThat(refused.text(Field.SOURCE_ID)).contains(world.east.clientId().toString());
        assertThat(refused.text(Field.AUTHORITY)).contains("nobody.demo.svc.cluster.local:80");
        assertThat(verified())
                .allSatisfy(report -> assertThat(report.findings()).isEmpty());
    }

    @Test
    void what_is_open_at_the_end_is_written_down_as_closed() throws Exception {
        world.keep(Backend.echo(world.west.addPod()));
        start(world.west, LedgerMode.STRICT);
        World.Running east = start(world.east, LedgerMode.STRICT);
        Tunnel tunnel = world.client(east.relay(), world.east.svid(world.east.clientId()))
                .open(World.AUTHORITY);
        assertThat(tunnel.status()).isEqualTo("200");
        east.gateway().close();

        assertThat(entries(world.east))
                .extracting(entry -> entry.number(Field.DECISION).orElseThrow())
                .containsExactly(1L, 2L);
    }
}
