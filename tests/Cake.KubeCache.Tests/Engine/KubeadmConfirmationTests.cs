using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Cake.KubeCache.Engine;
using Cake.KubeCache.Engine.Kubeadm;
using Cake.KubeCache.Execution;
using Cake.KubeCache.Tests.Sources;
using Cake.KubeCache.Tests.Support;
using Shouldly;

namespace Cake.KubeCache.Tests.Engine;

/// <summary>A script from a real server stands as kubeadm; it is fetched, verified and run.</summary>
public sealed class KubeadmConfirmationTests : IAsyncLifetime
{
    private static readonly RunScope FetchKubeadm = RunScope.Fetch with { Artifacts = new HashSet<string> { "kubeadm" } };

    private const string Usual = """
        for name in kube-apiserver kube-controller-manager kube-scheduler kube-proxy; do echo "$7/$name:$5"; done
        echo "$7/coredns/coredns:v1.12.0"
        echo "$7/pause:3.10"
        echo "$7/etcd:3.6.4-0"
        """;

    private readonly TemporaryFolder _folder = new();
    private readonly ListLog _log = new();
    private string _script = "";
    private LoopbackServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "kubeadm is a Linux program");
        _server = await LoopbackServer.StartAsync(context => LoopbackRegistry.WriteAsync(context, Encoding.UTF8.GetBytes(_script)));
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _folder.Dispose();
    }

    [Fact]
    public async Task Says_nothing_where_kubeadm_names_what_is_planned_and_asks_it_once()
    {
        Kubeadm(Usual);

        (await FetchAsync()).Warnings.ShouldBeEmpty();
        (await FetchAsync()).Warnings.ShouldBeEmpty();
        (await PlanWarningsAsync()).ShouldBeEmpty();

        Asked().ShouldBe(["config images list --kubernetes-version v1.35.2 --image-repository registry.test/k8s"]);
    }

    [Fact]
    public async Task Warns_with_both_lists_where_they_differ_in_every_run()
    {
        Kubeadm(Usual.Replace("$5", "v1.34.0", StringComparison.Ordinal));

        var warning = (await FetchAsync()).Warnings.ShouldHaveSingleItem();

        warning.ShouldContain("registry.test/k8s/kube-apiserver:v1.34.0, registry.test/k8s/kube-controller-manager:v1.34.0, registry.test/k8s/kube-proxy:v1.34.0, registry.test/k8s/kube-scheduler:v1.34.0");
        warning.ShouldContain("registry.test/k8s/kube-apiserver:v1.35.2, registry.test/k8s/kube-controller-manager:v1.35.2, registry.test/k8s/kube-proxy:v1.35.2, registry.test/k8s/kube-scheduler:v1.35.2");
        (await PlanWarningsAsync()).ShouldHaveSingleItem().ShouldBe(warning);
        Asked().Length.ShouldBe(1);
    }

    [Fact]
    public async Task Warns_of_an_image_that_is_not_planned()
    {
        Kubeadm(Usual + "\necho $7/kube-novelty:$5");

        (await FetchAsync()).Warnings.ShouldHaveSingleItem().ShouldContain("kube-novelty");
    }

    [Theory]
    [InlineData("echo 'no such version' >&2; exit 3", "exit code 3: no such version")]
    [InlineData("true", "nothing was printed")]
    [InlineData("echo 'Usage: kubeadm [command]'", "'Usage: kubeadm [command]', which is no image reference")]
    [InlineData("yes registry.test/a:b", "more than 200 lines")]
    public async Task Warns_where_kubeadm_does_not_answer(string script, string why)
    {
        Kubeadm(script);

        (await FetchAsync()).Warnings.ShouldHaveSingleItem().ShouldContain(why);
        (await PlanWarningsAsync()).ShouldHaveSingleItem();
        Asked().Length.ShouldBe(1);
    }

    [Fact]
    public async Task Refreshing_asks_again()
    {
        Kubeadm(Usual);
        await FetchAsync();

        await FetchAsync(refresh: true);

        Asked().Length.ShouldBe(2);
    }

    [Fact]
    public async Task Stops_a_kubeadm_that_does_not_end()
    {
        var blob = _folder.Write("kubeadm", "#!/bin/sh\nsleep 60 & sleep 60\n");
        var clock = Stopwatch.StartNew();

        var answer = await new KubeadmProgram(blob) { Patience = TimeSpan.FromSeconds(0.5) }.ListAsync("v1.35.2", "registry.test", TestContext.Current.CancellationToken);

        answer.ShouldNotBeNull().Problem.ShouldBe("no end after 0.5 s");
        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Gives_kubeadm_nothing_of_this_process_environment()
    {
        var blob = _folder.Write("kubeadm", "#!/bin/sh\nenv | cut -d= -f1 | grep -v -e PWD -e _ -e SHLVL -e OLDPWD | tr 'A-Z' 'a-z' | sort\n");

        var answer = await new KubeadmProgram(blob).ListAsync("v1.35.2", "registry.test", TestContext.Current.CancellationToken);

        answer.ShouldNotBeNull().Images.ShouldBe(["home", "path"]);
    }

    [Fact]
    public async Task Nobody_is_asked_where_the_program_cannot_be_started()
    {
        var blob = _folder.Write("kubeadm", "\u007fELF of another machine");

        (await new KubeadmProgram(blob).ListAsync("v1.35.2", "registry.test", TestContext.Current.CancellationToken)).ShouldBeNull();
    }

    [Fact]
    public async Task Workers_alone_are_not_expected_to_have_the_control_plane()
    {
        Kubeadm(Usual);

        (await FetchAsync(limit: "w1")).Warnings.ShouldBeEmpty();
        Asked().Length.ShouldBe(1);
    }

    [Fact]
    public async Task A_kubeadm_for_another_architecture_is_not_run()
    {
        Kubeadm(Usual);

        (await FetchAsync(sets: "ansible_architecture=s390x")).Warnings.ShouldBeEmpty();

        Asked().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_kubeadm_that_nobody_verified_is_not_run()
    {
        Kubeadm(Usual, checksum: false);

        (await FetchAsync(sets: "kubecache_allow_unverified=true")).Artifacts.Single(a => a.Artifact == "kubeadm").State.ShouldBe(StepState.Done);

        Asked().ShouldBeEmpty();
    }

    private string[] Asked() => File.Exists(_folder.At("asked")) ? File.ReadAllLines(_folder.At("asked")) : [];

    private void Kubeadm(string script, bool checksum = true)
    {
        _script = $"#!/bin/sh\necho \"$@\" >> '{_folder.At("asked")}'\n{script}\n";
        _folder.Write("catalogue.yml", $$"""
            kube_version: 1.35.2
            kubeadm_image_repo: registry.test/k8s
            downloads:
              kubeadm: {enabled: true, file: true, url: "{{_server.Url}}/kubeadm", dest: /opt/kubeadm{{(checksum ? ", sha256: " + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(_script))) : "")}}}
            """);
        _folder.Write("hosts.ini", $"[kube_control_plane]\nc1 ansible_connection=local\n[kube_node]\nw1 ansible_connection=local\n[all:vars]\nansible_architecture={KubeadmQuestion.Here.Architecture}\n");
    }

    private RunParts Open(RunScope scope, bool refresh, string? limit, string[] sets)
    {
        var settings = new KubeCacheSettings { Inventories = { _folder.At("hosts.ini") }, Catalogue = _folder.At("catalogue.yml"), Cache = _folder.At("cache"), Refresh = refresh };
        sets.ToList().ForEach(settings.Variables.Add);
        if (limit is not null)
        {
            settings.Limits.Add(limit);
        }

        return RunParts.Open(settings, scope, _log, ClusterView.Load(settings, LockFile.None));
    }

    private async Task<RunReport> FetchAsync(bool refresh = false, string? limit = null, params string[] sets)
    {
        await using var session = await RunSession.OpenAsync(Open(FetchKubeadm, refresh, limit, sets), TestContext.Current.CancellationToken);
        var report = await session.CompleteAsync();
        report.Artifacts.Single(a => a.Artifact == "kubeadm").State.ShouldBeOneOf(StepState.Done, StepState.UpToDate);
        return report;
    }

    private async Task<IReadOnlyList<string>> PlanWarningsAsync()
    {
        await using var parts = Open(RunScope.Plan, refresh: false, limit: null, []);
        var plan = parts.Plan(parts.Remembered());
        return [.. (await new KubeadmConfirmation(parts).WarningsAsync(plan, a => a.Stored, TestContext.Current.CancellationToken)).Select(w => w.ToString())];
    }
}
