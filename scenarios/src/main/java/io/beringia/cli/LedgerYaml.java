package io.beringia.cli;

import io.beringia.discovery.catalog.SocketAddress;
import io.beringia.discovery.wire.YamlFields;
import io.beringia.trust.ledger.LedgerMode;
import io.beringia.trust.ledger.NoteKey;
import io.beringia.trust.ledger.RoleLedger;
import io.beringia.trust.ledger.WitnessPeer;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Reads {@code ledger}, the same in every role that writes one.
 *
 * @param directory at which relative paths start
 */
record LedgerYaml(Path directory) {
    private static final Path NO_PATH = Path.of("");

    RoleLedger read(YamlFields fields) {
        return new RoleLedger(
                fields.required("dir", NO_PATH, directory::resolve),
                fields.optional("mode", LedgerMode.DEFAULT, LedgerMode::parse),
                fields.maybe("listen", SocketAddress::parse).map(RegionProcess::socket),
                fields.listOf("witnesses", LedgerYaml::witness).stream()
                        .flatMap(Optional::stream)
                        .toList());
    }

    private static Optional<WitnessPeer> witness(YamlFields fields) {
        String name = fields.required("name", "none", text -> text);
        URI url = fields.required("url", URI.create("https://none.invalid/"), URI::create);
        return fields.required("key", Optional.<NoteKey>empty(), text -> Optional.of(NoteKey.parse(text)))
                .map(key -> new WitnessPeer(name, url, key));
    }
}
