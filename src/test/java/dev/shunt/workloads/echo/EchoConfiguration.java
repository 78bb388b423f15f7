package dev.shunt.workloads.echo;

import dev.shunt.core.InFlight;
import dev.shunt.core.ShadowWorkload;
import dev.shunt.core.WorkloadDefinition;
import dev.shunt.store.Lanes;
import dev.shunt.store.ShadowSchema;
import javax.sql.DataSource;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** There is a second workload as soon as its block of configuration is there. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty("shunt.workloads.echo.queue")
class EchoConfiguration {

    @Bean
    WorkloadDefinition echoWorkload(DataSource dataSource, Lanes lanes, InFlight inFlight) {
        EchoTable table = EchoTable.in(dataSource);
        return EchoWorkload.create(
                table,
                EchoWorkload.handler(lanes.open("echo-legacy", table)),
                EchoWorkload.handler(lanes.open("echo-temporal", table)),
                inFlight);
    }

    @Bean
    ShadowWorkload echoShadow(DataSource dataSource, ShadowSchema schema) {
        EchoTable apart = EchoTable.notYetIn(schema.dataSource());
        return new EchoShadow(
                EchoTable.in(dataSource),
                apart,
                EchoWorkload.handler(schema.lane("shadow-echo-legacy", apart)),
                EchoWorkload.workflow(EchoWorkload.handler(schema.lane("shadow-echo-temporal", apart)), keys -> {}),
                schema);
    }
}
