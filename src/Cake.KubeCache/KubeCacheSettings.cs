using Cake.Core.IO;
using Cake.KubeCache.Execution;

namespace Cake.KubeCache;

/// <summary>Everything a caller may set. All of it can also come from arguments and from <c>KUBECACHE_…</c> variables.</summary>
public sealed class KubeCacheSettings
{
    /// <summary>Inventory files or folders in Ansible's INI or YAML form (<c>--inventory</c>); later ones win.</summary>
    public IList<string> Inventories { get; init; } = [];

    /// <summary>
    /// Where the variables that define the downloads come from (<c>--catalogue</c>): a Kubespray checkout, a folder of YAML files or one
    /// YAML file.
    /// </summary>
    public string? Catalogue { get; set; }

    /// <summary>Extra variables that win over everything (<c>--set</c>): <c>key=value</c> or <c>@file.yml</c>.</summary>
    public IList<string> Variables { get; init; } = [];

    /// <summary>Hosts or groups to restrict the run to (<c>--limit</c>), in Ansible's patterns.</summary>
    public IList<string> Limits { get; init; } = [];

    /// <summary>
    /// The store (<c>--cache</c>). By default what the inventory names in <c>download_cache_dir</c>, else <c>kubecache</c> in the user's
    /// cache directory.
    /// </summary>
    public DirectoryPath? Cache { get; set; }

    /// <summary>Where to write the plan as JSON (<c>--plan-output</c>).</summary>
    public FilePath? PlanOutput { get; set; }

    /// <summary>Where to write the run report (<c>--report</c>).</summary>
    public FilePath? Report { get; set; }

    /// <summary>Where <c>Graph</c> writes the targets (<c>--graph</c>): Mermaid (.mmd), DOT (.dot) or SVG (.svg) by the file's ending.</summary>
    public FilePath? GraphOutput { get; set; }

    /// <summary>Makes <c>Verify</c> put damaged content aside and fetch it again (<c>--repair</c>).</summary>
    public bool Repair { get; set; }

    /// <summary>How many earlier plans' content <c>Prune</c> keeps besides the current one's (<c>--keep</c>).</summary>
    public int Keep { get; set; } = 3;

    /// <summary>Makes <c>Prune</c> say what it would remove, and remove nothing.</summary>
    public bool DryRun { get; set; }

    /// <summary>Explains a variable instead of planning (<c>--explain</c>): the layers that define it, the winner marked.</summary>
    public string? Explain { get; set; }

    /// <summary>Resolves tags anew although the store has them (<c>--refresh</c>).</summary>
    public bool Refresh { get; set; }

    /// <summary>
    /// The lock file (<c>--lock-file</c>). By default <c>kubecache.lock.yml</c> beside the first inventory. What it says counts until <c>Lock</c>, or a
    /// run with <see cref="Refresh"/>, writes it anew.
    /// </summary>
    public FilePath? LockFile { get; set; }

    /// <summary>
    /// Image archives that are looked into before a registry is asked (<c>--image-archive</c>): docker-save or OCI, a tar file or a folder.
    /// </summary>
    public IList<string> ImageArchives { get; init; } = [];

    /// <summary>A cache folder that Kubespray's download role filled, looked into before anything is downloaded (<c>--kubespray-cache</c>).</summary>
    public DirectoryPath? KubesprayCache { get; set; }

    /// <summary>A Docker engine whose images are taken before a registry is asked (<c>--docker-engine</c>), such as <c>unix:///var/run/docker.sock</c>.</summary>
    public string? DockerEngine { get; set; }

    /// <summary>
    /// Leaves the targets of single artifacts and nodes out where only <c>Plan</c>, <c>Status</c>, <c>Verify</c>, <c>Prune</c> or <c>Graph</c> are asked for: for builds
    /// none of whose own tasks depends on one of them. With a thousand nodes they take longer to declare than a plan takes to make.
    /// Where <c>Provision</c> alone is asked for, such builds ask the nodes as soon as there is a plan.
    /// </summary>
    public bool LeanTargets { get; set; }

    /// <summary>Artifacts of the build's own, beside the catalogue's.</summary>
    public IList<ExtraArtifact> Artifacts { get; init; } = [];

    /// <summary>Called with a node's name before the first change to it, such as to drain it. Not called for a node that is up to date.</summary>
    public Func<string, Task>? BeforeNode { get; set; }

    /// <summary>Called with a node's name once it has everything it lacked. Not called where <see cref="BeforeNode"/> was not, or something failed.</summary>
    public Func<string, Task>? AfterNode { get; set; }

    /// <summary>Password file for Ansible Vault (<c>--vault-password-file</c>).</summary>
    public FilePath? VaultPasswordFile { get; set; }

    /// <summary>The known_hosts file to check host keys against (<c>--known-hosts</c>); by default the user's and the system's.</summary>
    public FilePath? KnownHosts { get; set; }

    /// <summary>Accepts and remembers keys of hosts that are not known yet (<c>--accept-new-host-keys</c>); changed keys are refused all the same.</summary>
    public bool AcceptNewHostKeys { get; set; }

    /// <summary>How long a node may take to answer (<c>--connect-timeout</c>, seconds).</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Downloads at a time (<c>--max-downloads</c>).</summary>
    public int MaxDownloads { get; set; } = 8;

    /// <summary>Deliveries at a time over all nodes (<c>--max-pushes</c>).</summary>
    public int MaxPushes { get; set; } = 16;

    /// <summary>Nodes that are connected to and asked at a time (<c>--max-connections</c>).</summary>
    public int MaxConnections { get; set; } = 64;

    /// <summary>
    /// Rolling batches of nodes (<c>--serial</c>, such as <c>1,25%,100%</c>): a batch is changed when the one before it is as planned, and left alone when
    /// something there failed. Null for all nodes at once.
    /// </summary>
    /// <exception cref="FormatException">A size is no positive number, or a percentage above 100.</exception>
    public string? Serial
    {
        get;
        set
        {
            if (value is not null)
            {
                Batches.Parse(value);
            }

            field = value;
        }
    }

    /// <summary>
    /// Removes from nodes the files and images that earlier runs brought and no plan wants (<c>--prune-nodes</c>), once everything else is there;
    /// <c>Status</c> counts them as drift. Nothing that others brought, or changed since, or that a container uses.
    /// </summary>
    public bool PruneNodes { get; set; }

    /// <summary>Bytes per second for all downloads and pushes over the network together (<c>--max-rate</c>, such as <c>20MB/s</c>); null for no limit.</summary>
    public long? MaxBytesPerSecond { get; set; }
}
