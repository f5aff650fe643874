package io.beringia.failover;

import io.beringia.discovery.catalog.RegionId;
import io.beringia.failover.FailoverConfig.Site;
import io.beringia.failover.evidence.RegionFeeds;
import io.beringia.failover.health.SiteEvidence;
import io.beringia.failover.operator.OperatorCommand;
import io.beringia.failover.operator.OperatorDesk;
import io.beringia.failover.operator.RegionsStatus;
import io.beringia.failover.operator.Reply;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** What the API and the console ask for. Any thread. */
record Desk(FailoverConfig config, Controller controller, RegionFeeds feeds) implements OperatorDesk {
    @Override
    public CompletableFuture<Reply> ask(OperatorCommand command) {
        return controller.ask(command);
    }

    @Override
    public CompletableFuture<Reply> whatIf(OperatorCommand command) {
        return controller.whatIf(command);
    }

    @Override
    public RegionsStatus status() {
        List<SiteEvidence> heard = feeds.latest();
        List<RegionId> unheard = config.sites().stream()
                .map(Site::name)
                .filter(site ->
                        heard.stream().noneMatch(one -> one.evidence().site().equals(site)))
                .toList();
        return new RegionsStatus(
                config.site(), config.mode().word(), config.notes(), controller.latest(), heard, unheard);
    }
}
