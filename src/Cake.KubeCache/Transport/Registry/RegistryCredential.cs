using Cake.KubeCache.Model;

namespace Cake.KubeCache.Transport.Registry;

/// <summary>What a registry knows us by: a user and password, or an identity (refresh) token, or a ready bearer token.</summary>
/// <param name="Username">User name; empty with a token.</param>
/// <param name="Password">Password, or null.</param>
/// <param name="IdentityToken">Token to be exchanged at the token service, or null.</param>
/// <param name="RegistryToken">Token to be sent as it is, or null.</param>
internal sealed record RegistryCredential(string Username, Secret? Password, Secret? IdentityToken = null, Secret? RegistryToken = null);
