using Cake.Core;

namespace Cake.Frosting;

/// <summary>What every task of a C# build host is given.</summary>
public interface IFrostingContext : ICakeContext;
