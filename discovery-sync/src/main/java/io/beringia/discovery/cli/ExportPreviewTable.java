package io.beringia.discovery.cli;

import io.beringia.discovery.DiscoveryConfig;
import io.beringia.discovery.ExportsReader;
import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.explain.ExportPreview;
import io.beringia.discovery.explain.ExportPreview.Change;
import io.beringia.discovery.explain.ExportPreview.Row;
import io.beringia.discovery.kube.ExportObjects;
import io.beringia.discovery.kube.PolicyManifests;
import io.beringia.trust.identity.SpiffeId;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code beringia exports preview}, once its configuration is read: what would leave, to whom, and why. Any thread. */
public final class ExportPreviewTable {
    private final ExportPreview preview;

    private ExportPreviewTable(ExportPreview preview) {
        this.preview = preview;
    }

    /**
     * Reads the files, then the API of that role, once. Throws {@link IllegalArgumentException} on a file that holds
     * anything else than ExportPolicies and PeerClusters.
     *
     * @param files of what is not applied yet; none shows what is
     * @param err told what it waits for
     */
    public static ExportPreviewTable read(DiscoveryConfig config, List<Path> files, PrintWriter err)
            throws IOException, InterruptedException {
        ExportObjects applied = ExportObjects.NONE;
        for (Path file : files) {
            applied = applied.with(objects(file));
        }
        ExportsReader reader = ExportsReader.read(config, () -> {
            err.println("waiting for our own API, up to half a minute");
            err.flush();
        });
        return new ExportPreviewTable(ExportPreview.of(reader.now(), reader.with(applied)));
    }

    private static ExportObjects objects(Path file) throws IOException {
        try {
            return PolicyManifests.read(Files.readString(file));
        } catch (IllegalArgumentException unfit) {
            throw new IllegalArgumentException(file + ": " + unfit.getMessage(), unfit);
        }
    }

    /** Whether something, of the files or applied before, says nothing for a mistake in it. */
    public boolean hasRefused() {
        return !preview.refused().isEmpty();
    }

    public void print(PrintWriter out) {
        Table table = new Table("SERVICE", "TO", "CHANGE", "CLIENTS", "WHY");
        preview.rows()
                .forEach(row ->
                        table.row(row.service().toString(), peer(row), word(row.change()), clients(row), row.why()));
        table.print(out);
        preview.refused().forEach(what -> out.println("refused: " + what));
    }

    public void printJson(PrintWriter out) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode services = json.putArray("services");
        for (Row row : preview.rows()) {
            ObjectNode one = services.addObject()
                    .put("service", row.service().toString())
                    .put("to", peer(row))
                    .put("change", word(row.change()))
                    .put("why", row.why());
            row.clients().stream().sorted().map(SpiffeId::toString).forEach(one.putArray("clients")::add);
        }
        preview.refused().forEach(json.putArray("refused")::add);
        out.println(json.toPrettyString());
    }

    private static String peer(Row row) {
        return row.peer().map(ClusterId::name).orElse("");
    }

    private static String word(Change change) {
        return change == Change.NONE ? "" : change.name().toLowerCase(Locale.ROOT);
    }

    private static String clients(Row row) {
        if (row.peer().isEmpty() || row.change() == Change.LOST) {
            return "nobody";
        }
        return row.clients().isEmpty()
                ? "everybody of it"
                : row.clients().stream().sorted().map(SpiffeId::toString).collect(Collectors.joining(" "));
    }
}
