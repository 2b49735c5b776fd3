using Cake.KubeCache.Configuration.Values;
using Cake.KubeCache.Configuration.Variables;
using Cake.KubeCache.Model;

namespace Cake.KubeCache.Configuration.Downloads;

/// <summary>Evaluates what hosts are to have; what is the same for all hosts of a class is evaluated once.</summary>
internal sealed class DownloadsEvaluator(HostScopes scopes)
{
    private static readonly string[] ShownTexts = ["container_manager", "download_cache_dir", "kube_version", "local_release_dir"];
    private static readonly string[] ShownFlags = ["download_force_cache", "download_localhost", "download_run_once"];

    private readonly Dictionary<(HostClass Class, HostFacts Facts, string Part), object> _shared = [];

    /// <summary>A host's downloads with facts.</summary>
    /// <exception cref="KubeCacheException">All faults of its enabled items and settings.</exception>
    public HostDownloads Evaluate(string host, HostFacts facts)
    {
        var scope = scopes.Of(host, facts);
        var settings = Part(scope, facts, "settings", () => Settings(scope));
        var faults = new List<Fault>(settings.Faults);
        var warnings = new List<Fault>(settings.Warnings);
        var results = new List<ItemResult>();
        foreach (var (name, item) in settings.Items)
        {
            results.Add(Part(scope, facts, "item " + name, () => Item(scope, settings, name, item)));
        }

        var kubeadm = settings.KubeadmItems.Select(i => Part(scope, facts, "kubeadm " + i.Name, () => Item(scope, settings, i.Name, i.Item))).ToList();
        foreach (var result in results.Concat(kubeadm))
        {
            faults.AddRange(result.Faults);
            warnings.AddRange(result.Warnings);
        }

        var artifacts = results.Concat(kubeadm).Select(r => r.Artifact).OfType<Artifact>().ToList();
        faults.AddRange(SameDestinations(host, artifacts));
        if (faults.Count > 0)
        {
            throw new KubeCacheException(ErrorKind.Input, faults);
        }

        return new HostDownloads
        {
            Artifacts = artifacts,
            Settings = settings.Settings,
            Warnings = warnings.Distinct().ToList(),
            Items = results.Select(r => r.Item).OfType<DownloadItem>().ToList(),
            KubeadmImages = kubeadm.Select(r => r.Item).OfType<ImageItem>().ToList(),
            Shown = settings.Shown,
        };
    }

    private T Part<T>(HostScope scope, HostFacts facts, string part, Func<T> read)
        where T : class
    {
        var key = (scopes.ClassOf(scope.Host), facts, part);
        if (_shared.TryGetValue(key, out var shared))
        {
            return (T)shared;
        }

        var result = scope.Observe(read, out var readOwn);
        if (!readOwn)
        {
            _shared.Add(key, result);
        }

        return result;
    }

    private ItemResult Item(HostScope scope, HostSettings settings, string name, object? item)
    {
        var groups = scopes.LayersOf(scope.Host).Groups.Select(g => g.Name).Append("all").ToHashSet(StringComparer.Ordinal);
        return item is Mapping mapping
            ? new ItemReader(scope.Host, groups, settings.Images).Read(new ItemFields(name, mapping, settings.Defaults, scope))
            : new ItemResult(null, null, [new Fault($"the item '{name}' of downloads is malformed") { Got = PythonText.Describe(item), Expected = "a mapping" }], []);
    }

    private static HostSettings Settings(HostScope scope)
    {
        var (faults, warnings) = (new List<Fault>(), new List<Fault>());
        var variables = new TypedVariables(scope, faults, warnings);
        var settings = SettingsReader.Read(variables, scope.IsDefinedOutsideCatalogue);
        var machine = variables.Text("ansible_architecture") ?? "x86_64";
        var items = Definition(scope, "downloads", faults);
        return new HostSettings
        {
            Settings = settings,
            Images = new ImageSettings(settings.Containers, Platform.FromMachine(machine)),
            Defaults = Definition(scope, "download_defaults", faults),
            Items = [.. items.Select(e => (PythonText.Str(e.Key), e.Value))],
            KubeadmItems = [.. KubeadmImages.Items(variables, items.Contains("kubeadm")).Select(e => (PythonText.Str(e.Key), e.Value))],
            Shown = Shown(variables, settings),
            Faults = faults,
            Warnings = warnings,
        };
    }

    /// <summary>
    /// A mapping whose entries are evaluated one by one, where it is written as one: so that an entry that cannot be evaluated does no harm to the others.
    /// </summary>
    private static Mapping Definition(HostScope scope, string name, List<Fault> faults)
    {
        try
        {
            if (!scope.TryDefinition(name, out var definition))
            {
                return [];
            }

            var value = definition as Mapping ?? (scope.TryResolve(name, out var resolved) ? resolved : null);
            PythonOperators.Defined(value);
            if (value is Mapping or null)
            {
                return value as Mapping ?? [];
            }

            faults.Add(new Fault($"'{name}' is malformed") { Got = PythonText.Describe(value), Expected = "a mapping" });
        }
        catch (EvaluationException exception)
        {
            faults.Add(exception.Fault with { Cause = exception.Fault.What, What = $"'{name}' cannot be evaluated on {scope.Host}: {exception.Fault.What}" });
        }

        return [];
    }

    private static Dictionary<string, object?> Shown(TypedVariables variables, DownloadSettings settings)
    {
        var shown = ShownTexts.ToDictionary(n => n, n => (object?)variables.Text(n), StringComparer.Ordinal);
        foreach (var name in ShownFlags)
        {
            shown[name] = name switch { "download_force_cache" => settings.ForceCache, "download_localhost" => settings.Localhost, _ => settings.RunOnce };
        }

        return shown;
    }

    private static IEnumerable<Fault> SameDestinations(string host, IReadOnlyList<Artifact> artifacts) => artifacts.OfType<FileArtifact>()
        .Where(f => f.Destination is not null)
        .GroupBy(f => f.Destination)
        .Where(g => g.Select(f => f.ContentKey).Distinct().Count() > 1)
        .Select(g => new Fault($"two files have one destination on {host}") { Got = $"{string.Join(" and ", g.Select(f => $"'{f.Name}'"))} → {g.Key}", Hint = "change the 'dest' of one of them" });
}
