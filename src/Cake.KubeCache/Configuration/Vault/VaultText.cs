using Cake.KubeCache.Configuration.Values;
using Cake.KubeCache.Model;

namespace Cake.KubeCache.Configuration.Vault;

/// <summary>A text encrypted with Ansible Vault, inline in a YAML file; decrypted only when it is read.</summary>
/// <param name="Envelope">The whole envelope, beginning with <c>$ANSIBLE_VAULT</c>.</param>
/// <param name="Where">Where it stands.</param>
internal sealed record VaultText(string Envelope, SourcePosition Where) : IDeferred;
