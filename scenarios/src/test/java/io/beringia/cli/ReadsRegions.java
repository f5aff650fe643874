package io.beringia.cli;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.beringia.discovery.wire.YamlRefused;
import io.beringia.trust.ledger.LedgerMode;
import io.beringia.trust.ledger.NoteKey;
import io.beringia.trust.ledger.RoleLedger;
import io.beringia.trust.ledger.WitnessPeer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;

/** Files of a region, and what reading them says. */
abstract class ReadsRegions {
    static final String WITNESS =
            "corp.example/beringia/west-1/witness+f0eb88ed+BGobpNfadWldAXzsjYc7p7pDBpdjrY4tquiLQiaGcF2T";

    static final String SOURCES = """
                identity-from: {files: {chain: chain.pem, key: key.pem, bundles: {cluster.local: root.pem}}}
                catalog-from: {file: catalog.yaml}
            """;

    static final String HEAD = "region: us-east\ncluster: east-1\nnetwork: net-east\n";

    static final String TRUST = """
            roles:
              trust:
                listen: 127.0.0.6:15012
                id: spiffe://cluster.local/ns/beringia-system/sa/trust
                ca: east-1
            """;

    static final String STRICT = "    ledger: {dir: ledger, mode: strict}\n";

    @TempDir
    Path directory;

    RoleLedger ledger(String host) {
        return new RoleLedger(
                directory.resolve("ledger"),
                LedgerMode.STRICT,
                Optional.of(new InetSocketAddress(host, 15039)),
                List.of(new WitnessPeer(
                        "west-1", URI.create("https://127.0.0.7:15039/witness"), NoteKey.parse(WITNESS))));
    }

    RegionConfig read(String yaml) throws IOException {
        return RegionConfigFile.read(Files.writeString(directory.resolve("region.yaml"), yaml));
    }

    YamlRefused refused(String yaml) {
        return catchThrowableOfType(YamlRefused.class, () -> read(yaml));
    }
}
