using Cake.KubeCache.Configuration;
using Cake.KubeCache.Model;
using Cake.KubeCache.Planning;

namespace Cake.KubeCache.Engine;

/// <summary>A run that fetched everything → the lock file of what came.</summary>
internal sealed class LockWriter(RunParts parts)
{
    /// <summary>Whether a run's scope writes the lock file: when that is what it is for, or when it resolved anew what one has.</summary>
    public bool IsWanted => parts.Scope.Locks || (parts.Scope.Fetches && parts.Settings.Refresh && File.Exists(LockFile.PathOf(parts.Settings)));

    /// <summary>Writes it. A run over a part of the plan changes that part's entries and keeps the others.</summary>
    /// <exception cref="KubeCacheException">It cannot be written, or the one before it cannot be read.</exception>
    public void Write(Plan plan)
    {
        var path = LockFile.PathOf(parts.Settings)!;
        var partial = parts.Settings.Limits.Count > 0 || parts.Scope.Artifacts is not null || parts.Scope.Nodes is not null || plan.Artifacts.Any(a => a.State == FetchState.OnNodes);
        var before = partial ? LockFile.Read(path) : LockFile.None;
        var (versions, files, images) = (new Dictionary<string, string>(before.Versions), new Dictionary<string, Digest>(before.Files), new Dictionary<string, Digest>(before.Images));
        foreach (var range in OneVersionEach(parts.Cluster.ResolvedRanges))
        {
            versions[range.Variable] = range.Version;
        }

        var store = parts.Store.Snapshot();
        var downloaded = parts.Contents.Recall();
        foreach (var planned in plan.Artifacts)
        {
            // What nodes download for themselves need not be in the store.
            var known = planned.State == FetchState.OnNodes ? downloaded.GetValueOrDefault(planned.Artifact.ContentKey) : store.Artifacts.GetValueOrDefault(planned.Artifact.ContentKey);
            if (LockFile.Key(planned.Artifact) is { } key && known is not null)
            {
                (planned.Artifact is FileArtifact ? files : images)[key] = known.Resolved ?? known.Digest;
            }
        }

        RunOutputs.Write(path, new LockFile(versions, files, images).Serialize());
        parts.Log.Information($"Lock: {versions.Count} versions, {files.Count} files, {images.Count} images in {path}");
    }

    // Hosts may have different ranges under one name; one entry cannot stand for both.
    private IEnumerable<ResolvedRange> OneVersionEach(IEnumerable<ResolvedRange> ranges)
    {
        foreach (var variable in ranges.GroupBy(r => r.Variable))
        {
            if (variable.Select(r => r.Version).Distinct().Count() == 1)
            {
                yield return variable.First();
            }
            else
            {
                parts.Log.Warning($"{variable.Key} is not locked: hosts have different ranges for it ({string.Join(", ", variable.Select(r => $"{r.Range} = {r.Version}"))})");
            }
        }
    }
}
