namespace Cake.KubeCache.Model;

/// <summary>A machine to be provisioned: how it is reached and what runs its containers.</summary>
public sealed record Node
{
    /// <summary>The inventory name.</summary>
    public required string Name { get; init; }

    /// <summary>How it is reached.</summary>
    public required NodeConnection Connection { get; init; }

    /// <summary>How root is got on it.</summary>
    public Privilege Privilege { get; init; } = Privilege.None;

    /// <summary>What runs its containers.</summary>
    public required ContainerRuntime Runtime { get; init; }

    /// <summary><c>local_release_dir</c>: where receipts (and most files) are kept on the node.</summary>
    public required string ReleaseDirectory { get; init; }

    /// <summary>
    /// For local nodes: a folder that stands for the node's <c>/</c>; every path on the node is below it. Null for the real root.
    /// </summary>
    public string? Root { get; init; }
}

/// <summary>How root is got: <c>ansible_become</c>, <c>ansible_become_user</c>, <c>ansible_become_password</c>.</summary>
/// <param name="Become">Whether commands run through sudo.</param>
/// <param name="User">The user to become; root by default.</param>
/// <param name="Password">sudo's password, or null when sudo asks for none.</param>
public sealed record Privilege(bool Become, string User = "root", Secret? Password = null)
{
    /// <summary>Commands run as the login user.</summary>
    public static Privilege None { get; } = new(false);
}
