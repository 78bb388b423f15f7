package dev.shunt.embedded;

import dev.shunt.embedded.EmbeddedSettings.Temporal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.support.DefaultSingletonBeanRegistry;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.event.ApplicationFailedEvent;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.util.StringUtils;

/**
 * Starts a backend for every address that is not configured, and fills the address in. Runs before the first bean, and
 * when logging is ready, so that a start of some seconds can be followed.
 */
final class EmbeddedBackendsInitializer implements ApplicationContextInitializer<ConfigurableApplicationContext> {

    private static final Logger log = LoggerFactory.getLogger(EmbeddedBackendsInitializer.class);
    private static final int REDIS_DATABASES = 16;
    private static final String USUAL_TEMPORAL = "127.0.0.1:7233";
    private static final String[][] BACKENDS = {
        {"postgres", "spring.datasource.url"}, {"redis", "shunt.redis.url"}, {"temporal", "shunt.temporal.address"}
    };

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        ConfigurableEnvironment environment = context.getEnvironment();
        EmbeddedSettings settings = Binder.get(environment).bindOrCreate("shunt.embedded", EmbeddedSettings.class);
        Map<String, Object> found = new LinkedHashMap<>();
        if (settings.enabled()) {
            startWhatIsMissing(settings, context, found);
        }
        for (String[] backend : BACKENDS) {
            found.putIfAbsent("shunt.backends." + backend[0], isSet(environment, backend[1]) ? "external" : "none");
        }
        environment.getPropertySources().addFirst(new MapPropertySource("embedded backends", found));
    }

    private static void startWhatIsMissing(
            EmbeddedSettings settings, ConfigurableApplicationContext context, Map<String, Object> found) {
        ConfigurableEnvironment environment = context.getEnvironment();
        boolean wantsPostgres = !isSet(environment, "spring.datasource.url");
        boolean wantsRedis = !isSet(environment, "shunt.redis.url");
        boolean wantsTemporal = !isSet(environment, "shunt.temporal.address");
        if (wantsTemporal && settings.temporal() == Temporal.NONE) {
            found.put("shunt.temporal.address", USUAL_TEMPORAL);
            found.put("shunt.backends.temporal", "none; looked for at " + USUAL_TEMPORAL);
            wantsTemporal = false;
        }
        if (!wantsPostgres && !wantsRedis && !wantsTemporal) {
            return;
        }
        Optional<Path> tool = temporalTool(settings.temporal());
        refuseWhatIsNotBundled(wantsPostgres, wantsRedis, wantsTemporal && tool.isEmpty());
        DataFolder folder = DataFolder.lock(Path.of(environment.getProperty("shunt.data", "./data")));
        EmbeddedBackends backends = new EmbeddedBackends(folder);
        closeWith(context, backends);
        if (wantsPostgres) {
            EmbeddedPostgres postgres = new EmbeddedPostgres(
                    folder.resolve("postgres"),
                    folder.resolve("bin"),
                    settings.postgresConnections(),
                    Unprivileged.find());
            backends.add(postgres, () -> publish(postgres, found));
        }
        if (wantsRedis) {
            EmbeddedRedis redis = new EmbeddedRedis(folder.resolve("redis"), REDIS_DATABASES);
            backends.add(redis, () -> publish(redis, found));
        }
        if (wantsTemporal) {
            String namespace = environment.getProperty("shunt.temporal.namespace", "default");
            TemporalBackend temporal = tool.<TemporalBackend>map(
                            program -> new TemporalDevServer(program, folder.resolve("temporal"), namespace))
                    .orElseGet(InMemoryTemporal::new);
            backends.add(temporal, () -> publish(temporal, found));
        }
        backends.start();
        log.warn("Embedded backends are for trying Shunt out on one machine: no replicas, no backups, no TLS, and"
                + " everybody on this machine can reach them. Not for production.");
    }

    private static boolean isSet(ConfigurableEnvironment environment, String key) {
        return StringUtils.hasText(environment.getProperty(key));
    }

    /** All addresses at once, before any server runs or any file is made: who has to set three is told so once. */
    private static void refuseWhatIsNotBundled(boolean postgres, boolean redis, boolean temporal) {
        List<String> missing = new ArrayList<>();
        if (postgres && !Bundled.postgres()) {
            missing.add("DATABASE_URL (or POSTGRES_HOST and its neighbours) to a Postgres");
        }
        if (redis && !Bundled.redis()) {
            missing.add("REDIS_URL to a Redis, version 6.2 or newer");
        }
        if (temporal && !Bundled.temporal()) {
            missing.add("TEMPORAL_ADDRESS to a Temporal server");
        }
        if (!missing.isEmpty()) {
            throw new BackendException("This build of Shunt brings no such server for " + Platform.current()
                    + " and no address of one is set. Set " + String.join("; set ", missing) + ".");
        }
    }

    private static Optional<Path> temporalTool(Temporal wanted) {
        Optional<Path> tool = wanted == Temporal.IN_MEMORY ? Optional.empty() : Programs.onPath("temporal");
        if (wanted == Temporal.CLI && tool.isEmpty()) {
            throw new BackendException("shunt.embedded.temporal is cli, and there is no temporal tool on the PATH."
                    + " Install it, or set shunt.embedded.temporal to auto.");
        }
        return tool;
    }

    private static void closeWith(ConfigurableApplicationContext context, EmbeddedBackends backends) {
        // The first to be registered is the last to be destroyed: no bean finds its backend gone.
        DefaultSingletonBeanRegistry beans = (DefaultSingletonBeanRegistry) context.getBeanFactory();
        beans.registerDisposableBean("embeddedBackends", (DisposableBean) backends::close);
        // A context that never became active destroys no beans; a JVM that ends before that still has to stop children.
        context.addApplicationListener((ApplicationListener<ApplicationFailedEvent>) failure -> {
            if (!context.isActive()) {
                backends.close();
            }
        });
        SpringApplication.getShutdownHandlers().add(backends::close);
    }

    private static void publish(EmbeddedPostgres server, Map<String, Object> found) {
        found.put("spring.datasource.url", server.url(EmbeddedPostgres.DATABASE));
        found.put("spring.datasource.username", EmbeddedPostgres.USER);
        found.put("spring.datasource.password", server.password());
        found.put("shunt.backends.postgres", server.description());
    }

    private static void publish(EmbeddedRedis server, Map<String, Object> found) {
        found.put("shunt.redis.url", server.url());
        found.put("shunt.backends.redis", server.description());
    }

    private static void publish(TemporalBackend server, Map<String, Object> found) {
        found.put("shunt.temporal.address", server.address());
        found.put("shunt.temporal.in-memory", server.inMemory());
        found.put("shunt.backends.temporal", server.description());
        server.ui().ifPresent(ui -> {
            found.put("shunt.temporal.ui", ui);
            log.info("Workflows can be seen at {}", ui);
        });
        if (server.inMemory()) {
            log.warn(
                    "Temporal is the SDK's in-memory server: it forgets every workflow when Shunt stops, and keeps all of"
                            + " them in memory until then, so it is capped. For more than a demo put the temporal tool on the"
                            + " PATH, or set TEMPORAL_ADDRESS.");
        }
    }
}
