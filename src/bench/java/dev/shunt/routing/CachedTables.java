package dev.shunt.routing;

import dev.shunt.core.Bucket;
import dev.shunt.core.Workload;
import javax.sql.DataSource;
import org.ff4j.FF4j;
import org.ff4j.cache.FF4jCacheProxy;
import org.ff4j.cache.InMemoryCacheManager;
import org.ff4j.store.JdbcFeatureStore;

/** The same question to FF4j's own JDBC store behind its own cache: no other instance's change shows before it expires. */
public final class CachedTables implements AutoCloseable {

    private final FF4j ff4j = new FF4j();
    private final String feature;

    public CachedTables(DataSource database, String feature) {
        this.feature = feature;
        ff4j.setFeatureStore(new FF4jCacheProxy(new JdbcFeatureStore(database), null, new InMemoryCacheManager()));
        ff4j.setEnableAudit(false);
    }

    public boolean toTemporal(Workload workload, String routingKey) {
        return ff4j.check(feature, BucketContext.of(Bucket.of(workload, routingKey)));
    }

    @Override
    public void close() {
        ff4j.stop();
    }
}
