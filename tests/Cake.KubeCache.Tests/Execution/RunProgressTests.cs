using Cake.KubeCache.Execution;
using Cake.KubeCache.Tests.Support;
using Shouldly;

namespace Cake.KubeCache.Tests.Execution;

public sealed class RunProgressTests
{
    [Fact]
    public async Task Lines_of_one_artifact_stay_together_however_they_came()
    {
        var log = new ListLog();
        await using var progress = new RunProgress(log);
        var kubelet = progress.Begin("fetch kubelet");
        var etcd = progress.Begin("fetch etcd");

        kubelet.Say("mirror 1 does not answer");
        etcd.Say("resumed");
        kubelet.Say("mirror 2");
        progress.End(etcd, "fetched");
        progress.Fail(kubelet, "404");

        log.Lines.ShouldBe([
            "verbose: fetch etcd: resumed",
            "fetch etcd: fetched",
            "verbose: fetch kubelet: mirror 1 does not answer",
            "verbose: fetch kubelet: mirror 2",
            "error: fetch kubelet: 404",
        ]);
    }
}
